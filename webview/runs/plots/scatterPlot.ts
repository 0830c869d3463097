import * as l10n from '@vscode/l10n';
import type { Column } from '../../../src/catalog/columns.ts';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import { h, setText } from '../../dom.ts';
import { columnOf } from '../tableLayout.ts';
import { columnChoice, fillColumns } from './columnChoice.ts';
import type { PlotContext } from './curvesPlot.ts';
import { axisColumns } from './fieldAxis.ts';
import type { PlotState } from './plotState.ts';
import { framingOptions, RunPlot } from './runPlot.ts';
import { RunValues } from './runValues.ts';
import { ScatterDrawing } from './scatterDrawing.ts';

/** Scatter plot of two columns of the table. Selecting dots selects their rows. */
export class ScatterPlot {
  readonly element: HTMLElement;
  readonly #context: PlotContext;
  readonly #x: HTMLSelectElement;
  readonly #y: HTMLSelectElement;
  readonly #plot: RunPlot;
  readonly #values: RunValues;
  readonly #best = h('input', { type: 'checkbox', id: 'scatter-best' });
  readonly #bestField: HTMLElement;
  readonly #note = h('p', { class: 'notes' });
  #drawing: ScatterDrawing | null = null;
  #rows: readonly RunRow[] = [];
  #selected: readonly string[] = [];
  #drawn: readonly unknown[] = [];

  constructor(context: PlotContext, choose: (ids: readonly string[]) => void) {
    this.#context = context;
    const title = l10n.t('Scatter plot of the runs');
    this.#x = columnChoice('scatter-x', (scatterX) => context.change({ scatterX }));
    this.#y = columnChoice('scatter-y', (scatterY) => context.change({ scatterY }));
    this.#plot = new RunPlot(
      'scatter',
      framingOptions(context, { title, choose, drawing: () => this.#drawing, selected: () => this.#selected }),
    );
    this.#values = new RunValues(title, context);
    this.#best.addEventListener('change', () => context.change({ scatterBest: this.#best.checked }));
    this.#bestField = h(
      'span',
      { class: 'field' },
      this.#best,
      h(
        'label',
        { for: this.#best.id, title: l10n.t('A line through the runs that are better than all before them') },
        l10n.t('Best so far'),
      ),
    );
    const field = (select: HTMLSelectElement, label: string) =>
      h('span', { class: 'field' }, h('label', { for: select.id }, label), select);
    this.element = h(
      'div',
      { class: 'scatter-plot' },
      h(
        'div',
        { class: 'plot-controls' },
        field(this.#x, l10n.t('X axis')),
        field(this.#y, l10n.t('Y axis')),
        this.#bestField,
        this.#values.tools,
        this.#plot.tools,
      ),
      this.#plot.element,
      this.#note,
      this.#values.element,
    );
  }

  show(rows: readonly RunRow[], selected: readonly string[]): void {
    this.#rows = rows;
    this.#selected = selected;
    const { scatterX, scatterY, scatterBest, table } = this.#context.state();
    const drawn = [rows, scatterX, scatterY, scatterBest, table];
    if (!this.#drawing || drawn.some((each, i) => each !== this.#drawn[i])) this.#make(this.#context.state());
    this.#drawn = drawn;
    if (this.#drawing) this.#plot.show(this.#drawing, selected);
  }

  #make({ scatterX, scatterY, scatterBest, table }: PlotState): void {
    const offered = axisColumns(this.#rows);
    const [x, y] = [chosenOf(scatterX, offered), chosenOf(scatterY, offered)];
    if (!x || !y) return;
    fillColumns(this.#x, offered, x);
    fillColumns(this.#y, offered, y);
    this.#bestField.hidden = y.direction === null;
    this.#best.checked = scatterBest;
    this.#drawing = new ScatterDrawing(this.#rows, x, y, scatterBest);
    const { missing } = this.#drawing;
    setText(this.#note, missing === 0 ? '' : l10n.t('{0} runs have no value on one of the axes.', missing));
    this.#values.show(this.#rows, x === y ? [x] : [x, y], table);
  }
}

/** The chosen column, or another one if no run has a value in it. */
function chosenOf(key: string, offered: readonly Column[]): Column | undefined {
  return offered.find((column) => column.key === key) ?? columnOf(key) ?? offered[0];
}

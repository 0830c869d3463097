import * as l10n from '@vscode/l10n';
import type { Column } from '../../../src/catalog/columns.ts';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import { button, h } from '../../dom.ts';
import { Popover } from '../../popover.ts';
import { untranslatedColumn } from '../rowCells.ts';
import { columnOf } from '../tableLayout.ts';
import type { PlotContext } from './curvesPlot.ts';
import { AxisRange } from './axisRange.ts';
import { axisColumns, differingColumns } from './fieldAxis.ts';
import { ParallelDrawing } from './parallelDrawing.ts';
import type { Brushes } from './parallelScene.ts';
import { RunPlot } from './runPlot.ts';
import { RunValues } from './runValues.ts';

/** Most axes that are shown unless the user chooses others. */
const MOST_AXES = 7;

/** Parallel coordinates of the runs. Marking parts of axes selects the rows of the runs within them. */
export class ParallelPlot {
  readonly element: HTMLElement;
  readonly #context: PlotContext;
  readonly #choose: (ids: readonly string[]) => void;
  readonly #plot: RunPlot;
  readonly #range = new AxisRange((brushes) => this.#brush(brushes));
  readonly #values: RunValues;
  readonly #list = h('ul', { class: 'column-list' });
  #drawing: ParallelDrawing | null = null;
  #rows: readonly RunRow[] = [];
  #selected: readonly string[] = [];
  #columns: readonly Column[] = [];
  #brushes: Brushes = new Map();
  #drawn: readonly unknown[] = [];

  constructor(context: PlotContext, choose: (ids: readonly string[]) => void) {
    this.#context = context;
    this.#choose = choose;
    const title = l10n.t('Parallel coordinates of the runs');
    this.#plot = new RunPlot('parallel', {
      frames: context.charts.frames,
      title,
      choose,
      dragged: (from, to, size) => {
        if (this.#drawing) this.#brush(this.#drawing.brushed(from, to, size));
      },
      clicked: (place, size) => this.#brush((place && this.#drawing?.unbrushed(place, size)) ?? new Map()),
      saveFile: (format, name, content) => context.charts.saveFile(format, name, content),
    });
    this.#values = new RunValues(title, context);
    const trigger = h('button', { type: 'button', 'data-tool': 'axes' }, l10n.t('Axes'));
    const { element: box } = new Popover(trigger, 'columns', () => this.#fill());
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', l10n.t('Axes'));
    box.append(
      h(
        'div',
        { class: 'column-find' },
        button(l10n.t('Where the runs differ'), { class: 'link' }, () => this.#chooseAxes(null)),
      ),
      this.#list,
    );
    this.element = h(
      'div',
      { class: 'parallel-plot' },
      h('div', { class: 'plot-controls' }, trigger, box, this.#values.tools, this.#plot.tools),
      this.#plot.element,
      h(
        'p',
        { class: 'notes' },
        l10n.t('Drag along an axis to select the runs within. A click beside the lines ends it.'),
      ),
      this.#range.element,
      this.#values.element,
    );
  }

  show(rows: readonly RunRow[], selected: readonly string[]): void {
    this.#rows = rows;
    this.#selected = selected;
    const { parallel, table } = this.#context.state();
    const drawn = [rows, parallel, table, this.#brushes];
    if (!this.#drawing || drawn.some((each, i) => each !== this.#drawn[i])) {
      const chosen = parallel?.flatMap((key) => columnOf(key) ?? []) ?? differingAxes(rows);
      this.#columns = chosen.length === 0 ? differingAxes(rows) : chosen;
      this.#drawing = new ParallelDrawing(rows, this.#columns, this.#brushes);
      this.#range.show(this.#drawing.axes, this.#brushes);
      this.#values.show(rows, this.#columns, table);
    }
    this.#drawn = drawn;
    this.#plot.show(this.#drawing, selected);
  }

  #brush(brushes: Brushes): void {
    this.#brushes = brushes;
    this.show(this.#rows, this.#selected);
    this.#choose(this.#drawing?.runsWithin ?? []);
  }

  #chooseAxes(parallel: string[] | null): void {
    this.#brushes = new Map();
    this.#context.change({ parallel });
    this.#fill();
  }

  #fill(): void {
    const offered = axisColumns(this.#rows);
    const shown = this.#columns;
    const keys = shown.map(({ key }) => key);
    const { activeElement } = document;
    const focused = activeElement instanceof HTMLElement ? activeElement.dataset.column : undefined;
    const items = [...shown, ...offered.filter((column) => !shown.includes(column))].map((column) => {
      const { key } = column;
      const box = h('input', { type: 'checkbox', checked: keys.includes(key), 'data-column': key });
      box.addEventListener('change', () =>
        this.#chooseAxes(box.checked ? [...keys, key] : keys.filter((each) => each !== key)),
      );
      const name = h('span', { ...(column.config !== undefined && untranslatedColumn(column)) }, column.label());
      return h('li', {}, h('label', {}, box, ' ', name));
    });
    this.#list.replaceChildren(...items);
    if (focused !== undefined) this.#list.querySelector<HTMLElement>(`[data-column="${CSS.escape(focused)}"]`)?.focus();
  }
}

function differingAxes(rows: readonly RunRow[]): Column[] {
  const columns = differingColumns(rows);
  return columns.length <= MOST_AXES ? columns : [...columns.slice(0, MOST_AXES - 1), ...columns.slice(-1)];
}

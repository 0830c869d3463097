import * as l10n from '@vscode/l10n';
import type { Column } from '../../../src/catalog/columns.ts';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import { h, setText } from '../../dom.ts';
import { columnChoice, fillColumns } from './columnChoice.ts';
import type { PlotContext } from './curvesPlot.ts';
import { differingFields, resultColumns } from './fieldAxis.ts';
import { FieldMapDrawing } from './fieldMapDrawing.ts';
import type { PlotState } from './plotState.ts';
import { framingOptions, RunPlot } from './runPlot.ts';
import { RunValues } from './runValues.ts';

/** Heat map of two fields of the configuration, with the mean of a result in each cell. Selecting cells selects runs. */
export class FieldMapPlot {
  readonly element: HTMLElement;
  readonly #context: PlotContext;
  readonly #x: HTMLSelectElement;
  readonly #y: HTMLSelectElement;
  readonly #result: HTMLSelectElement;
  readonly #controls: HTMLElement;
  readonly #plot: RunPlot;
  readonly #values: RunValues;
  readonly #note = h('p', { class: 'notes' });
  #drawing: FieldMapDrawing | null = null;
  #selected: readonly string[] = [];
  #drawn: readonly unknown[] = [];

  constructor(context: PlotContext, choose: (ids: readonly string[]) => void) {
    this.#context = context;
    const title = l10n.t('Heat map of two fields');
    this.#x = columnChoice('map-x', (mapX) => context.change({ mapX }));
    this.#y = columnChoice('map-y', (mapY) => context.change({ mapY }));
    this.#result = columnChoice('map-result', (result) => context.change({ result }));
    this.#plot = new RunPlot('map', {
      ...framingOptions(context, { title, choose, drawing: () => this.#drawing, selected: () => this.#selected }),
      choose: (ids) => choose(this.#withCells(ids)),
    });
    this.#values = new RunValues(title, context);
    const field = (select: HTMLSelectElement, label: string) =>
      h('span', { class: 'field' }, h('label', { for: select.id }, label), select);
    this.#controls = h(
      'div',
      { class: 'plot-controls' },
      field(this.#x, l10n.t('X axis')),
      field(this.#y, l10n.t('Y axis')),
      field(this.#result, l10n.t('Color')),
      this.#values.tools,
      this.#plot.tools,
    );
    this.element = h(
      'div',
      { class: 'map-plot' },
      this.#controls,
      this.#plot.element,
      this.#note,
      this.#values.element,
    );
  }

  show(rows: readonly RunRow[], selected: readonly string[]): void {
    this.#selected = selected;
    const state = this.#context.state();
    const drawn = [rows, state.mapX, state.mapY, state.result, state.table];
    if (drawn.some((each, i) => each !== this.#drawn[i])) this.#make(rows, state);
    this.#drawn = drawn;
    if (this.#drawing) this.#plot.show(this.#drawing, selected);
  }

  #make(rows: readonly RunRow[], { mapX, mapY, result, table }: PlotState): void {
    const fields = differingFields(rows);
    const results = resultColumns(rows);
    const x = named(fields, mapX) ?? fields[0];
    const y = named(fields, mapY) ?? fields.find((each) => each !== x);
    const color = named(results, result) ?? results[0];
    const isDrawn = x !== undefined && y !== undefined && color !== undefined;
    this.#controls.hidden = this.#plot.element.hidden = this.#values.element.hidden = !isDrawn;
    this.#drawing = isDrawn ? new FieldMapDrawing(rows, x, y, color) : null;
    if (!this.#drawing || !isDrawn)
      return setText(this.#note, l10n.t('A heat map needs runs that differ in two fields of the configuration.'));
    fillColumns(this.#x, fields, x);
    fillColumns(this.#y, fields, y);
    fillColumns(this.#result, results, color);
    const { missing } = this.#drawing;
    setText(this.#note, missing === 0 ? '' : l10n.t('{0} runs have no value in one of the fields.', missing));
    this.#values.show(rows, [...new Set([x, y, color])], table);
  }

  /** The runs of the cells in which these runs are: a cell is selected as a whole. */
  #withCells(ids: readonly string[]): string[] {
    const drawing = this.#drawing;
    if (!drawing) return [...ids];
    const before = new Set(this.#selected);
    const now = new Set(ids);
    const gone = this.#selected.filter((id) => !now.has(id)).flatMap((id) => drawing.runsWith(id));
    for (const id of ids) if (!before.has(id)) for (const each of drawing.runsWith(id)) now.add(each);
    for (const id of gone) now.delete(id);
    return [...now];
  }
}

function named(columns: readonly Column[], key: string | null): Column | undefined {
  return columns.find((column) => column.key === key);
}

import * as l10n from '@vscode/l10n';
import { type FieldImportance, fieldImportance } from '../../../src/catalog/study/importance.ts';
import { formatCsv } from '../../../src/format/csv.ts';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import { button, h, setText } from '../../dom.ts';
import { untranslatedColumn } from '../rowCells.ts';
import { columnChoice, fillColumns } from './columnChoice.ts';
import type { PlotContext } from './curvesPlot.ts';
import { differingFields, resultColumns } from './fieldAxis.ts';

/** How much of the differences of a result each field of the configuration explains, as a table with bars. */
export class ImportancePlot {
  readonly element: HTMLElement;
  readonly #context: PlotContext;
  readonly #result: HTMLSelectElement;
  readonly #controls: HTMLElement;
  readonly #title = l10n.t('Importance of fields');
  readonly #body = h('tbody');
  readonly #table: HTMLElement;
  readonly #note = h('p', { class: 'notes' });
  #found: readonly FieldImportance[] = [];
  #drawn: readonly unknown[] = [];

  constructor(context: PlotContext) {
    this.#context = context;
    this.#result = columnChoice('importance-result', (result) => context.change({ result }));
    const csv = button('CSV', { class: 'tool', 'data-tool': 'csv', title: l10n.t('Save the data as CSV') }, () =>
      context.charts.saveFile('csv', this.#title, this.#csv()),
    );
    this.#controls = h(
      'div',
      { class: 'plot-controls' },
      h('span', { class: 'field' }, h('label', { for: this.#result.id }, l10n.t('Result')), this.#result),
      h('span', { class: 'tool-group' }, csv),
    );
    const heads = [l10n.t('Field'), l10n.t('Share of the variance'), l10n.t('Values'), l10n.t('Runs')];
    this.#table = h(
      'table',
      { class: 'importance' },
      h('caption', {}, this.#title),
      h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
      this.#body,
    );
    this.element = h('div', { class: 'importance-plot' }, this.#controls, this.#table, this.#note);
  }

  show(rows: readonly RunRow[]): void {
    const { result } = this.#context.state();
    const drawn = [rows, result];
    if (drawn.every((each, i) => each === this.#drawn[i])) return;
    this.#drawn = drawn;
    const results = resultColumns(rows);
    const column = results.find(({ key }) => key === result) ?? results[0];
    this.#found = column ? fieldImportance(rows, differingFields(rows), column) : [];
    this.#controls.hidden = this.#table.hidden = this.#found.length === 0;
    if (column) fillColumns(this.#result, results, column);
    this.#body.replaceChildren(...this.#found.map(line));
    setText(
      this.#note,
      this.#found.length === 0
        ? l10n.t('The importance of fields needs runs with results that differ in their configuration.')
        : l10n.t(
            'The share of the differences between the runs that a field explains by itself. A field that matters only together with another one has a low share.',
          ),
    );
  }

  #csv(): string {
    return formatCsv([
      ['field', 'share', 'values', 'runs'],
      ...this.#found.map(({ column, share, groups, runs }) => [column.key, share, groups, runs]),
    ]);
  }
}

function line({ column, share, groups, runs }: FieldImportance): HTMLElement {
  const bar = h('span', { class: 'share', 'aria-hidden': 'true' });
  bar.style.width = `${100 * (share ?? 0)}%`;
  return h(
    'tr',
    { 'data-field': column.key },
    h('th', { scope: 'row', ...untranslatedColumn(column) }, column.label()),
    h('td', { class: 'share-cell' }, bar, h('span', {}, percent(share))),
    h('td', {}, String(groups)),
    h('td', {}, String(runs)),
  );
}

function percent(share: number | null): string {
  return share === null ? l10n.t('unknown: no two runs share a value') : `${Math.round(100 * share)} %`;
}

import * as l10n from '@vscode/l10n';
import type { Column } from '../../../src/catalog/columns.ts';
import { formatCsv } from '../../../src/format/csv.ts';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import { button, h } from '../../dom.ts';
import { untranslatedColumn } from '../rowCells.ts';
import type { PlotContext } from './curvesPlot.ts';
import { textOf } from './fieldAxis.ts';

/** Most rows of the table of a plot: a table of thousands would be slow, and the file has them all. */
const MOST_ROWS = 500;

/** Tools of a plot of runs: its values as a table and as a file. */
export class RunValues {
  readonly tools: HTMLElement;
  readonly element: HTMLElement;
  readonly #toggle: HTMLButtonElement;
  readonly #title: string;
  #rows: readonly RunRow[] = [];
  #columns: readonly Column[] = [];

  constructor(title: string, { state, change, charts }: PlotContext) {
    this.#title = title;
    this.#toggle = button(
      l10n.t('Table'),
      { class: 'tool', 'data-tool': 'table', title: l10n.t('Show the points as a table') },
      () => change({ table: !state().table }),
    );
    const csv = button('CSV', { class: 'tool', 'data-tool': 'csv', title: l10n.t('Save the data as CSV') }, () =>
      charts.saveFile('csv', title, this.#csv()),
    );
    this.tools = h('span', { class: 'tool-group' }, this.#toggle, csv);
    this.element = h('div', {
      class: 'points',
      role: 'region',
      tabindex: '0',
      'aria-label': l10n.t('{0}: table of the points', title),
    });
  }

  show(rows: readonly RunRow[], columns: readonly Column[], isOpen: boolean): void {
    this.#rows = rows;
    this.#columns = columns;
    this.#toggle.setAttribute('aria-pressed', String(isOpen));
    this.element.hidden = !isOpen;
    if (!isOpen) return;
    const heads = [l10n.t('Name'), ...columns.map((column) => column.label())];
    const left = rows.length - MOST_ROWS;
    this.element.replaceChildren(
      h(
        'table',
        {},
        h('caption', {}, left > 0 ? l10n.t('{0}: the first {1} runs', this.#title, MOST_ROWS) : this.#title),
        h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col', translate: 'no' }, head)))),
        h(
          'tbody',
          {},
          ...rows
            .slice(0, MOST_ROWS)
            .map((row) =>
              h(
                'tr',
                {},
                h('th', { scope: 'row', translate: 'no' }, nameOf(row)),
                ...columns.map((column) => h('td', { ...untranslatedColumn(column) }, textOf(column, row))),
              ),
            ),
        ),
      ),
    );
  }

  #csv(): string {
    const values = (row: RunRow) =>
      this.#columns.map(({ key }) => {
        const value = row.values[key] ?? null;
        return typeof value === 'number' || value === null ? value : String(value);
      });
    return formatCsv([
      ['id', 'name', ...this.#columns.map(({ key }) => key)],
      ...this.#rows.map((row) => [row.id, nameOf(row), ...values(row)]),
    ]);
  }
}

function nameOf({ id, values }: RunRow): string {
  return typeof values.name === 'string' ? values.name : id;
}

import * as l10n from '@vscode/l10n';
import { h, setText } from '../dom.ts';
import { formatCount, formatNumber } from './number.ts';
import { noPoints, type Points } from './points.ts';
import type { ChartSpec } from './spec.ts';
import { tableRows, type TableRow } from './tableRows.ts';
import { xTexts } from './xTexts.ts';

/** Accessible table of the points of a chart. */
export class PointsTable {
  readonly element: HTMLElement;
  readonly #body = h('tbody');
  readonly #columns: readonly string[];

  constructor(spec: ChartSpec) {
    this.#columns = spec.lines.map((line) => line.key);
    const heads = spec.lines.map(({ label }) => h('th', { scope: 'col' }, label));
    const table = h(
      'table',
      {},
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, xTexts[spec.xName].name), ...heads)),
      this.#body,
    );
    const caption = spec.unit ? l10n.t('{0} in {1}', spec.title, spec.unit) : spec.title;
    this.element = h(
      'div',
      { class: 'points', role: 'region', tabindex: '0', 'aria-label': l10n.t('{0}: table of the points', caption) },
      table,
    );
  }

  /** Updates the rows, changing only cells that differ. */
  show(curves: ReadonlyMap<string, Points>): void {
    const rows = tableRows(this.#columns.map((key) => curves.get(key) ?? noPoints));
    while (this.#body.rows.length > rows.length) this.#body.deleteRow(-1);
    rows.forEach((row, i) => this.#showRow(row, this.#body.rows[i]));
  }

  #showRow({ x, values }: TableRow, existing: HTMLTableRowElement | undefined): void {
    const row = existing ?? this.#body.insertRow();
    if (row.cells.length === 0) row.append(h('th', { scope: 'row' }), ...values.map(() => h('td', {}, h('data'))));
    setText(row.cells[0] ?? row, formatCount(x));
    values.forEach((value, i) => {
      const data = row.cells[i + 1]?.firstElementChild;
      if (data instanceof HTMLDataElement) showValue(data, value);
    });
  }
}

/** Shows a short number and stores the exact one in the element's `value`. */
function showValue(data: HTMLDataElement, value: number | null | undefined): void {
  const exact = value === undefined ? '' : String(value);
  if (data.value === exact && data.textContent !== '') return;
  data.value = exact;
  setText(data, value === undefined ? '' : value === null ? l10n.t('not finite') : formatNumber(value));
}

import * as l10n from '@vscode/l10n';
import { h, setText } from '../dom.ts';
import { blockAround, describeValue, type Cell, type HeatMapScene } from './heatMapScene.ts';

/** Largest block that the table shows. */
const MAX_ROWS = 20;
const MAX_COLUMNS = 12;

/** Table of the values around the cursor of a heat map; a table of all values would be too large. */
export class HeatMapTable {
  readonly element: HTMLElement;
  readonly #caption = h('caption');
  readonly #head = h('thead');
  readonly #body = h('tbody');

  constructor(title: string) {
    const table = h('table', {}, this.#caption, this.#head, this.#body);
    this.element = h(
      'div',
      {
        class: 'points',
        role: 'region',
        tabindex: '0',
        hidden: true,
        'aria-label': l10n.t('{0}: table of the values', title),
      },
      table,
    );
  }

  show(scene: HeatMapScene, cursor: Cell): void {
    const rows = blockAround(cursor.row, scene.rows.count, MAX_ROWS);
    const columns = blockAround(cursor.column, scene.columns.count, MAX_COLUMNS);
    const indices = ({ start, length }: { start: number; length: number }) =>
      Array.from({ length }, (_, i) => start + i);
    const part = ({ title, count }: HeatMapScene['rows'], { start, length }: { start: number; length: number }) =>
      l10n.t('{0} {1} to {2} of {3}', title, start + 1, start + length, count);
    setText(
      this.#caption,
      l10n.t('{0}, {1}, around the cursor of the map', part(scene.rows, rows), part(scene.columns, columns)),
    );
    const heads = indices(columns).map((column) => h('th', { scope: 'col' }, scene.columns.name(column)));
    this.#head.replaceChildren(h('tr', {}, h('th', { scope: 'col' }, scene.rows.title), ...heads));
    this.#body.replaceChildren(
      ...indices(rows).map((row) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, scene.rows.name(row)),
          ...indices(columns).map((column) => h('td', {}, describeValue(scene, { row, column }))),
        ),
      ),
    );
  }
}

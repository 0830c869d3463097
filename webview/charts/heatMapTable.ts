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
      { class: 'points', role: 'region', tabindex: '0', hidden: true, 'aria-label': `${title}: table of the values` },
      table,
    );
  }

  show(scene: HeatMapScene, cursor: Cell): void {
    const rows = blockAround(cursor.row, scene.rows.count, MAX_ROWS);
    const columns = blockAround(cursor.column, scene.columns.count, MAX_COLUMNS);
    const indices = ({ start, length }: { start: number; length: number }) =>
      Array.from({ length }, (_, i) => start + i);
    const part = (count: number, { start, length }: { start: number; length: number }) =>
      `${start + 1} to ${start + length} of ${count}`;
    setText(
      this.#caption,
      `${scene.rows.title} ${part(scene.rows.count, rows)}, ${scene.columns.title} ${part(scene.columns.count, columns)}, around the cursor of the map`,
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

import { h } from '../../dom.ts';
import { framedTable } from '../../framedTable.ts';

type Cell = Node | string;

/** Name of a field, a tensor or a file, which is the same in every language. */
export function code(name: string): HTMLElement {
  return h('code', {}, name);
}

/** Table with a caption whose first column names the rows. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly [Cell, ...Cell[]])[],
): HTMLElement {
  return framedTable(
    caption,
    heads,
    rows.map(([name, ...cells]) =>
      h('tr', {}, h('th', { scope: 'row' }, name), ...cells.map((cell) => h('td', {}, cell))),
    ),
  );
}

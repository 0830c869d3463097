import { h } from '../../dom.ts';

/** Table with a caption whose first column names the rows. Rows are texts. */
export function table(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  return h(
    'div',
    { class: 'points', role: 'region', tabindex: 0, 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', {}, caption),
      h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
      h(
        'tbody',
        {},
        ...rows.map(([name = '', ...cells]) =>
          h('tr', {}, h('th', { scope: 'row' }, name), ...cells.map((cell) => h('td', {}, cell))),
        ),
      ),
    ),
  );
}

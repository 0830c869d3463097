import { h } from './dom.ts';

/**
 * Table with a caption in a frame that scrolls.
 * @param className classes of the frame in addition
 */
export function framedTable(
  caption: string,
  heads: readonly string[],
  rows: readonly HTMLTableRowElement[],
  className = '',
): HTMLElement {
  return h(
    'div',
    { class: `points ${className}`.trim(), role: 'region', tabindex: 0, 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', {}, caption),
      h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
      h('tbody', {}, ...rows),
    ),
  );
}

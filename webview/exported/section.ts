import { h } from '../dom.ts';

/** Creates a section of the page with its heading, which the contents link to. */
export function section(id: string, title: string, ...children: readonly (Node | string)[]): HTMLElement {
  return h(
    'section',
    { id, class: 'part', 'aria-labelledby': `${id}-title` },
    h('h2', { id: `${id}-title` }, title),
    ...children,
  );
}

/** Links to sections. */
export function contents(label: string, sections: readonly HTMLElement[]): HTMLElement {
  return h(
    'nav',
    { class: 'contents', 'aria-label': label },
    ...sections.map((each) => h('a', { href: `#${each.id}` }, each.querySelector('h2')?.textContent ?? '')),
  );
}

import { h } from '../dom.ts';

/** Entry of a menu. */
export interface MenuItem {
  readonly label: string;
  /** Key that does the same; empty for none. */
  readonly key: string;
  readonly act: () => void;
}

/** Distance in pixels from the edges of the page. */
const MARGIN = 8;

/** Menu at a point of the page. The browser closes it with Escape and with a click elsewhere. */
export class RowMenu {
  readonly element = h('div', { class: 'popover menu row-menu', popover: 'auto', role: 'menu' });
  readonly #closed: () => void;

  /** @param closed called when the menu has closed, to take the focus back */
  constructor(label: string, closed: () => void) {
    this.#closed = closed;
    this.element.setAttribute('aria-label', label);
    this.element.addEventListener('keydown', (event) => this.#pressed(event));
    this.element.addEventListener('toggle', ({ newState }) => {
      if (newState === 'closed' && this.element.contains(document.activeElement)) this.#closed();
    });
  }

  open(x: number, y: number, items: readonly MenuItem[]): void {
    this.element.replaceChildren(
      ...items.map(({ label, key, act }) => {
        const item = h(
          'button',
          { type: 'button', role: 'menuitem', tabindex: -1 },
          h('span', {}, label),
          h('span', { class: 'unit', 'aria-hidden': 'true' }, key),
        );
        item.addEventListener('click', () => {
          this.element.hidePopover();
          this.#closed();
          act();
        });
        return item;
      }),
    );
    this.element.showPopover();
    const { clientWidth, clientHeight } = document.documentElement;
    const { offsetWidth, offsetHeight, style } = this.element;
    style.left = `${Math.max(MARGIN, Math.min(x, clientWidth - MARGIN - offsetWidth))}px`;
    style.top = `${Math.max(MARGIN, Math.min(y, clientHeight - MARGIN - offsetHeight))}px`;
    this.#items[0]?.focus();
  }

  get #items(): HTMLElement[] {
    return [...this.element.querySelectorAll('button')];
  }

  #pressed(event: KeyboardEvent): void {
    const items = this.#items;
    const place = items.findIndex((each) => each === document.activeElement);
    const next: Readonly<Record<string, number>> = {
      ArrowDown: (place + 1) % items.length,
      ArrowUp: (place + items.length - 1) % items.length,
      Home: 0,
      End: items.length - 1,
    };
    const to = next[event.key];
    if (event.key === 'Tab') {
      event.preventDefault();
      this.element.hidePopover();
      this.#closed();
    }
    if (to === undefined) return;
    event.preventDefault();
    items[to]?.focus();
  }
}

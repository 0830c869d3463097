import { h } from './dom.ts';

/** Distance in pixels of a popover from its button and from the edges of the page. */
const MARGIN = 8;
const GAP = 4;

/**
 * A box that a button opens next to itself, in the top layer of the page, so that no container cuts it off. The browser
 * closes it with Escape and with a click elsewhere, and returns the focus to the button.
 */
export class Popover {
  /** The box; the page inserts it after its button. */
  readonly element: HTMLElement;
  readonly #trigger: HTMLButtonElement;
  readonly #fill: (box: HTMLElement) => void;

  /** @param fill sets the content, each time before the box opens */
  constructor(trigger: HTMLButtonElement, className: string, fill: (box: HTMLElement) => void = () => undefined) {
    this.#trigger = trigger;
    this.#fill = fill;
    this.element = h('div', { class: `popover ${className}`, popover: 'auto' });
    trigger.popoverTargetElement = this.element;
    trigger.setAttribute('aria-expanded', 'false');
    this.element.addEventListener('beforetoggle', ({ newState }) => {
      if (newState === 'open') this.#fill(this.element);
      // The event "toggle" comes later than the box: assistive technology would read the state of before.
      trigger.setAttribute('aria-expanded', String(newState === 'open'));
    });
    this.element.addEventListener('toggle', ({ newState }) => this.#toggled(newState === 'open'));
  }

  close(): void {
    this.element.hidePopover();
  }

  #toggled(isOpen: boolean): void {
    if (isOpen) {
      this.#place();
      window.addEventListener('resize', this.#place);
      window.addEventListener('scroll', this.#place, { capture: true, passive: true });
    } else {
      window.removeEventListener('resize', this.#place);
      window.removeEventListener('scroll', this.#place, { capture: true });
    }
  }

  /** Places the box below its button, or above it if there is more room, within the width of the page. */
  readonly #place = (): void => {
    const { left, top, bottom } = this.#trigger.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const { style } = this.element;
    const below = clientHeight - bottom - GAP - MARGIN;
    const above = top - GAP - MARGIN;
    style.maxHeight = '';
    const isBelow = below >= above || this.element.offsetHeight <= below;
    style.maxHeight = `${Math.max(isBelow ? below : above, 0)}px`;
    style.left = `${Math.max(MARGIN, Math.min(left, clientWidth - MARGIN - this.element.offsetWidth))}px`;
    style.top = `${isBelow ? bottom + GAP : top - GAP - this.element.offsetHeight}px`;
  };
}

import { button, h } from '../dom.ts';
import type { Advice } from '../../src/protocol/verdicts.ts';

/** Buttons that each start the run with one setting changed. They are disabled while a run is being started. */
export class AdviceList {
  readonly element: HTMLElement;
  readonly #list = h('ul', { class: 'advice' });
  readonly #accept: (index: number) => Promise<void>;
  #shown = '';
  #busy = false;

  /** @param accept starts the run of the advice with the given index; handles its own errors */
  constructor(accept: (index: number) => Promise<void>) {
    this.#accept = accept;
    this.element = h('section', { class: 'try-next', 'aria-label': 'Try next' }, h('h2', {}, 'Try next'), this.#list);
  }

  /** Shows the advice. Buttons of unchanged advice are kept, so that they keep the focus. */
  show(advice: readonly Advice[]): void {
    this.element.hidden = advice.length === 0;
    const key = JSON.stringify(advice);
    if (this.#shown === key) return;
    this.#shown = key;
    this.#list.replaceChildren(
      ...advice.map(({ label, why }, index) =>
        h(
          'li',
          {},
          button(label, { 'aria-describedby': `why-${index}` }, () => void this.#press(index)),
          h('p', { id: `why-${index}`, class: 'why' }, why),
        ),
      ),
    );
  }

  async #press(index: number): Promise<void> {
    if (this.#busy) return;
    this.#setBusy(true);
    await this.#accept(index);
    this.#setBusy(false);
  }

  /** Sets `aria-disabled`, because `disabled` would remove the focus. */
  #setBusy(busy: boolean): void {
    this.#busy = busy;
    for (const each of this.#list.querySelectorAll('button')) each.setAttribute('aria-disabled', String(busy));
  }
}

import { button, h } from '../dom.ts';
import type { Verdict } from '../../src/protocol/probes.ts';

/**
 * What to try next: buttons that start the run with that one thing changed. While one is being started, the others
 * wait.
 */
export class AdviceList {
  readonly element: HTMLElement;
  readonly #list = h('ul', { class: 'advice' });
  readonly #accept: (index: number) => Promise<void>;
  #shown = '';
  #waiting = false;

  /** `accept` starts the run of an advice, by its index, and has dealt with a failure when it resolves. */
  constructor(accept: (index: number) => Promise<void>) {
    this.#accept = accept;
    this.element = h('section', { class: 'try-next', 'aria-label': 'Try next' }, h('h2', {}, 'Try next'), this.#list);
  }

  /** The buttons stay where the advice is the same, so that the keyboard keeps its place. */
  show(advice: Verdict['advice']): void {
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
    if (this.#waiting) return;
    this.#wait(true);
    await this.#accept(index);
    this.#wait(false);
  }

  /** Not `disabled`, which would throw the focus away. */
  #wait(waiting: boolean): void {
    this.#waiting = waiting;
    for (const each of this.#list.querySelectorAll('button')) each.setAttribute('aria-disabled', String(waiting));
  }
}

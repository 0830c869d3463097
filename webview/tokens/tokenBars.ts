import { h, setText } from '../dom.ts';
import { visibleToken } from '../../src/protocol/visibleToken.ts';
import { formatNumber } from '../charts/number.ts';

/** A bar for each token of a text. The heights are relative to the largest; a list of words says the same. */
export class TokenBars {
  readonly element: HTMLElement;
  readonly #list = h('ol', { class: 'token-bars' });
  readonly #sentence = h('p', { class: 'notes', role: 'status' });

  constructor(label: string) {
    this.element = h(
      'div',
      { class: 'bars' },
      this.#sentence,
      h('div', { class: 'bars-frame', role: 'region', tabindex: '0', 'aria-label': label }, this.#list),
    );
  }

  /** @param values one for each token; null where there is none */
  show(tokens: readonly string[], values: readonly (number | null)[], sentence: string): void {
    const largest = Math.max(...values.map((value) => value ?? 0));
    setText(this.#sentence, sentence);
    this.#list.replaceChildren(
      ...values.map((value, i) => {
        const token = visibleToken(tokens[i] ?? '');
        const words = `${token}: ${value === null ? 'no value' : formatNumber(value)}`;
        const bar = h('span', { class: 'bar' });
        bar.style.height = `${largest > 0 ? ((value ?? 0) / largest) * 100 : 0}%`;
        return h(
          'li',
          { title: words },
          h('span', { class: 'unseen' }, words),
          h('span', { class: 'bar-room', 'aria-hidden': 'true' }, bar),
          h('span', { 'aria-hidden': 'true' }, token),
        );
      }),
    );
  }

  clear(sentence: string): void {
    this.#list.replaceChildren();
    setText(this.#sentence, sentence);
  }
}

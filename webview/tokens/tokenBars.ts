import * as l10n from '@vscode/l10n';
import { h, setText } from '../dom.ts';
import { visibleToken } from '../../src/protocol/visibleToken.ts';
import { formatNumber } from '../charts/number.ts';

/**
 * Bar chart with a bar for each token of a text, relative to the largest value. Screen readers get a list of values.
 */
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

  /** @param values one for each token; null for a token without a value */
  show(tokens: readonly string[], values: readonly (number | null)[], sentence: string): void {
    const largest = Math.max(...values.map((value) => value ?? 0));
    setText(this.#sentence, sentence);
    this.#list.replaceChildren(
      ...values.map((value, i) => {
        const token = visibleToken(tokens[i] ?? '');
        const text = `${token}: ${value === null ? l10n.t('no value') : formatNumber(value)}`;
        const bar = h('span', { class: 'bar' });
        bar.style.height = `${largest > 0 ? ((value ?? 0) / largest) * 100 : 0}%`;
        return h(
          'li',
          { title: text },
          h('span', { class: 'unseen' }, text),
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

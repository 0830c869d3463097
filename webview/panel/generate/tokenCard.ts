import * as l10n from '@vscode/l10n';
import type { DrawnToken } from '../../../src/protocol/generation.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import { h } from '../../dom.ts';
import { describeDrawn, formatProbability } from './describeGeneration.ts';

/**
 * The most likely tokens in the place of a token, with their probabilities in the model and after temperature and
 * top-k, as bars. The token itself is marked, and added if it is not one of them.
 */
export class TokenCard {
  readonly element = h('section', { class: 'token-card', 'aria-label': l10n.t('Probabilities of the token') });

  /** @param after heading of the probabilities that it was drawn with; null for a token that was taken without a draw */
  show(drawn: DrawnToken, after: string | null): void {
    const isListed = drawn.top.some(({ token }) => token === drawn.token);
    const rows = isListed ? drawn.top : [...drawn.top, drawn];
    const head = [l10n.t('Token'), l10n.t('Model'), ...(after === null ? [] : [after])];
    const table = h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...head.map((text) => h('th', { scope: 'col' }, text)))),
      h('tbody', {}, ...rows.map((row) => rowOf(row, row.token === drawn.token, after !== null))),
    );
    this.element.replaceChildren(h('h2', {}, describeDrawn(drawn, after !== null)), table);
  }

  clear(): void {
    this.element.replaceChildren(
      h(
        'p',
        { class: 'notes' },
        l10n.t('Point to a token, or move to it with the arrow keys, to see its probabilities.'),
      ),
    );
  }
}

function rowOf({ token, before, after }: DrawnToken['top'][number], isDrawn: boolean, hasAfter: boolean): HTMLElement {
  const mark = isDrawn ? [h('span', { class: 'unseen' }, l10n.t('written'))] : [];
  return h(
    'tr',
    { class: isDrawn ? 'drawn' : '' },
    h('th', { scope: 'row' }, h('code', {}, visibleToken(token)), ...mark),
    cell(before, 'before'),
    ...(hasAfter ? [cell(after, 'after')] : []),
  );
}

/** A probability with its bar, whose full width is 1. */
function cell(probability: number, name: string): HTMLElement {
  const bar = h('span', { class: `bar ${name}` });
  bar.style.width = `${100 * probability}%`;
  return h(
    'td',
    {},
    h('span', { class: 'bar-room', 'aria-hidden': 'true' }, bar),
    h('data', { value: probability }, formatProbability(probability)),
  );
}

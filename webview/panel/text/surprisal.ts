import * as l10n from '@vscode/l10n';
import type { Inspection, Prediction } from '../../../src/protocol/inspection.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import { h } from '../../dom.ts';
import { surprisalBytes } from '../../tokens/surprisalColors.ts';
import type { TokenScene } from '../../tokens/tokenText.ts';
import { formatLoss } from '../format.ts';

/** A text colored by the surprisal of its tokens, with the predictions of each in its tooltip. */
export function surprisalScene(inspection: Inspection, cursor: number | null): TokenScene {
  return {
    tokens: inspection.tokens,
    cursor,
    ...surprisalBytes(inspection.surprisal),
    palette: 'sequential',
    describe: (token) => describeSurprisal(inspection, token),
    details: (token) => predictionRows(inspection.top[token] ?? []),
  };
}

/** Describes a token with its surprisal and the most likely token in its place. */
function describeSurprisal({ tokens, surprisal, top, unknown }: Inspection, token: number): string {
  const name = `"${visibleToken(tokens[token] ?? '')}"`;
  const nats = surprisal[token];
  if (nats == null) return l10n.t('{0}, the first character, without a prediction', name);
  const [likeliest] = top[token] ?? [];
  const own = unknown.includes(token)
    ? l10n.t('{0}, not in the vocabulary, surprisal {1} nats', name, formatLoss(nats))
    : l10n.t('{0}, surprisal {1} nats', name, formatLoss(nats));
  return likeliest ? l10n.t('{0}, most likely was "{1}"', own, visibleToken(likeliest.token)) : own;
}

/** Creates a row with a bar for each of the most likely tokens. */
export function predictionRows(top: readonly Prediction[]): Node[] {
  return top.map(({ token, probability }) => {
    const bar = h('span', { class: 'bar' });
    bar.style.width = `${probability * 100}%`;
    return h(
      'div',
      { class: 'prediction' },
      h('code', { 'data-token': token }, visibleToken(token)),
      h('span', { class: 'bar-room' }, bar),
      h('span', {}, `${(probability * 100).toFixed(1)} %`),
    );
  });
}

/** Describes the mean over the tokens that have a surprisal. */
export function describeMeanSurprisal(surprisal: readonly (number | null)[]): string {
  const known = surprisal.filter((nats) => nats !== null);
  if (known.length === 0) return l10n.t('No predicted characters.');
  const mean = known.reduce((sum, nats) => sum + nats, 0) / known.length;
  return known.length === 1
    ? l10n.t(
        'Mean surprisal {0} nats ({1} bits) per character over 1 character.',
        formatLoss(mean),
        formatLoss(mean / Math.LN2),
      )
    : l10n.t(
        'Mean surprisal {0} nats ({1} bits) per character over {2} characters.',
        formatLoss(mean),
        formatLoss(mean / Math.LN2),
        known.length,
      );
}

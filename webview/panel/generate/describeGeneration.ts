import * as l10n from '@vscode/l10n';
import type { DrawnToken, GeneratedPiece, GenerationRequest, WriterForm } from '../../../src/protocol/generation.ts';
import type { GenerationChange } from '../../../src/protocol/generateTab.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import { countTokens } from '../countTokens.ts';
import { formatLoss } from '../format.ts';

/** A text as far as the page has it. */
export interface ShownText extends Omit<GenerationChange, 'from' | 'pieces'> {
  readonly pieces: readonly GeneratedPiece[];
}

/** Formats a probability in percent, or as a small number where percents would be zero. */
export function formatProbability(probability: number): string {
  return probability === 0 || probability >= 0.0005
    ? `${(100 * probability).toFixed(1)} %`
    : formatNumber(Number(probability.toPrecision(2)));
}

/** Describes a drawn token. @param isSampled false if it is the most likely token, without a draw */
export function describeDrawn({ token, before, after, surprisal }: DrawnToken, isSampled: boolean): string {
  const name = `"${visibleToken(token)}"`;
  const parts = isSampled
    ? l10n.t('{0}: probability {1}, drawn with {2}', name, formatProbability(before), formatProbability(after))
    : l10n.t('{0}: probability {1}', name, formatProbability(before));
  return surprisal === null ? parts : `${parts}, ${l10n.t('surprisal {0} nats', formatLoss(surprisal))}`;
}

/** Names the rules that tokens are drawn by, such as "At temperature 0.8, top-k 5". */
export function describeRules({ temperature, topK, topP, minP, repetitionPenalty }: GenerationRequest): string {
  const rules = [
    l10n.t('At temperature {0}', formatNumber(temperature)),
    ...(topK > 0 ? [l10n.t('top-k {0}', topK)] : []),
    ...(topP < 1 ? [l10n.t('top-p {0}', formatNumber(topP))] : []),
    ...(minP > 0 ? [l10n.t('min-p {0}', formatNumber(minP))] : []),
    ...(repetitionPenalty !== 1 ? [l10n.t('repetition penalty {0}', formatNumber(repetitionPenalty))] : []),
  ];
  return rules.join(', ');
}

/** Describes the progress or the result of a text. */
export function describeText(text: ShownText, { tokenKind, kind }: WriterForm): string {
  const { state, begun, request, message, trainingWaits } = text;
  const step = formatCount(begun?.step ?? 0);
  if (state === 'opening') return l10n.t('Waiting for the model.');
  if (state === 'failed') return message ?? '';
  if (state === 'writing')
    return trainingWaits
      ? l10n.t('Writing with the model of step {0}. Training waits until the text is complete.', step)
      : l10n.t('Writing with the model of step {0}.', step);
  const surprisal = text.pieces.flatMap(({ drawn }) => drawn?.surprisal ?? []);
  const how =
    kind === 'converts'
      ? l10n.t('greedy')
      : l10n.t('temperature {0}, seed {1}', formatNumber(request.temperature), request.seed);
  const result = l10n.t('{0} by the model of step {1}, {2}.', countTokens(surprisal.length, tokenKind), step, how);
  const parts = [...(state === 'canceled' ? [l10n.t('Stopped.')] : []), result, describeMean(surprisal, tokenKind)];
  return parts.filter(Boolean).join(' ');
}

/** Names the tokens of the prompt that are not in the vocabulary; empty if there are none. */
export function describeUnknown({ begun }: ShownText): string {
  if (!begun || begun.unknown.length === 0) return '';
  const tokens = begun.unknown.map((token) => `"${visibleToken(token)}"`).join(', ');
  return l10n.t('Not in the vocabulary of the model, which reads <unk> instead: {0}.', tokens);
}

/** Introduces the texts of the beam search; a conversion is compared with them. */
export function describeBeam({ beam, pieces, request, state }: ShownText, form: WriterForm): string {
  if (state !== 'complete') return '';
  const [best] = beam;
  if (form.kind !== 'converts')
    return best ? l10n.t('The most likely texts of a beam search of width {0}, without drawing:', request.beam) : '';
  const greedy = pieces
    .map(({ text }) => text)
    .join('')
    .trim();
  if (best) {
    return best.text === greedy
      ? l10n.t('The best text of a beam search of width {0} is the greedy text.', request.beam)
      : l10n.t('The best text of a beam search of width {0} differs from the greedy text.', request.beam);
  }
  return form.beam > 1
    ? l10n.t('The run is configured to translate with a beam of width {0}, whose text may differ.', form.beam)
    : '';
}

function describeMean(surprisal: readonly number[], kind: WriterForm['tokenKind']): string {
  if (surprisal.length === 0) return '';
  const mean = surprisal.reduce((sum, nats) => sum + nats, 0) / surprisal.length;
  const values = [formatLoss(mean), formatLoss(mean / Math.LN2)];
  const described = {
    character: () => l10n.t('Mean surprisal {0} nats ({1} bits) per character.', ...values),
    word: () => l10n.t('Mean surprisal {0} nats ({1} bits) per word.', ...values),
    subword: () => l10n.t('Mean surprisal {0} nats ({1} bits) per subword.', ...values),
  };
  return described[kind]();
}

import * as l10n from '@vscode/l10n';
import type { ExplainedStep } from '../../../src/protocol/explain.ts';
import type { Inspection } from '../../../src/protocol/inspection.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import { formatValue } from './numbers.ts';

/** Describes a place in the text. */
export function describePlace(tokens: readonly string[], token: number): string {
  return l10n.t('"{0}" at {1} of {2}', visibleToken(tokens[token] ?? ''), token + 1, tokens.length);
}

/** Describes a token of the text for screen readers. */
export function describeToken(
  tokens: readonly string[],
  token: number,
  explained: number,
  lossAt: number | null,
): string {
  const name = `"${visibleToken(tokens[token] ?? '')}"`;
  if (token === explained) return l10n.t('{0}, explained', name);
  return token === lossAt ? l10n.t('{0}, the loss is after it', name) : name;
}

/** What the recurrent weights are a product of. */
const RECURRENT_FACTORS: Readonly<Record<NonNullable<ExplainedStep['recurrentFactor']>, () => string>> = {
  output: () =>
    l10n.t('The recurrent weights are products of the output layer and the weights that feed the output back.'),
  projection: () => l10n.t('The recurrent weights are products of the projection and the weights that read it.'),
};

/** Describes what the unit did and what the model expects, with the numbers of the step. */
export function describeStep(
  { before, state, outputs, target, recurrentFactor }: ExplainedStep,
  token: string,
  layer: string,
  unit: number,
): string {
  const [likeliest] = outputs;
  const correct = outputs.find(({ index }) => index === target);
  const change = l10n.t(
    'Reading "{0}", unit {1} of {2} goes from h = {3} to {4}.',
    visibleToken(token),
    unit,
    layer,
    formatValue(before.h),
    formatValue(state.h),
  );
  const percent = (probability: number) => (probability * 100).toFixed(1);
  const answer = likeliest
    ? l10n.t('Most likely is "{0}" ({1} %).', visibleToken(likeliest.token), percent(likeliest.probability))
    : '';
  const truth = correct
    ? l10n.t('"{0}" follows, which had {1} %.', visibleToken(correct.token), percent(correct.probability))
    : '';
  return [change, answer, truth, recurrentFactor === null ? '' : RECURRENT_FACTORS[recurrentFactor]()]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/**
 * Describes the loss whose gradient is explained.
 * @param lossAt token after which the loss is; null for the sum over all tokens
 */
export function describeLoss(
  loss: number,
  { tokens, predicts }: Pick<Inspection, 'tokens' | 'predicts'>,
  token: number,
  lossAt: number | null,
): string {
  const what =
    lossAt === null
      ? l10n.t('L is the sum of the losses after all steps shown: {0} nats.', formatValue(loss))
      : l10n.t(
          'L is the loss after "{0}" at {1}, lag {2}: {3} nats.',
          visibleToken(tokens[lossAt] ?? ''),
          lossAt + 1,
          lossAt - token,
          formatValue(loss),
        );
  if (predicts === 'next-token') return what;
  return `${what} ${l10n.t('The correct answer is not known: it is the loss of the most likely one.')}`;
}

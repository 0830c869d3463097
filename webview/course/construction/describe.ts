import * as l10n from '@vscode/l10n';
import { FLOW_LIMITS } from '../../../src/protocol/flow.ts';
import type { ConstructionRequest, ConstructionResult } from '../../../src/protocol/lessons/construction.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';

type Verdict = ConstructionResult['flow']['verdict'];

/** Relative difference below which two factors count as equal. */
const SAME = 1e-3;

/** The verdict on the gradient, with its numbers. */
export function describeVerdict({ flow }: ConstructionResult): string {
  const steps = formatCount(flow.window);
  const ratio = flow.ratioAtEnd === null ? l10n.t('an infinite part') : formatNumber(flow.ratioAtEnd);
  const sentences: Readonly<Record<Verdict, () => string>> = {
    vanishing: () =>
      l10n.t(
        'The gradient vanishes after {0} steps: less than {1} % of it is left. After {2} steps, {3} of it is left.',
        formatCount(flow.stepsToHundredth ?? flow.window),
        100 * FLOW_LIMITS.vanishing,
        steps,
        ratio,
      ),
    exploding: () =>
      flow.ratioAtEnd === null
        ? l10n.t('The gradient explodes: within {0} steps it is no longer finite.', steps)
        : l10n.t('The gradient explodes: over {0} steps it grows by a factor of {1}.', steps, ratio),
    carries: () => l10n.t('The gradient carries: after {0} steps, {1} of it is left.', steps, ratio),
    mixed: () =>
      l10n.t(
        'The sequences differ: after {0} steps the gradient has vanished in {1} % of them and exploded in {2} %. The median is {3}.',
        steps,
        formatNumber(100 * flow.share.vanishing),
        formatNumber(100 * flow.share.exploding),
        ratio,
      ),
  };
  return sentences[flow.verdict]();
}

/** What the singular values and the activation have to do with it. */
export function describeFactors(
  { activation }: Pick<ConstructionRequest, 'activation'>,
  { flow, singularValues }: ConstructionResult,
): string[] {
  const [largest = 0] = singularValues;
  const smallest = singularValues.at(-1) ?? 0;
  const growth = flow.growthPerStep.value;
  if (growth === null) return [l10n.t('No gradient is left after one step: every unit is off.')];
  const isOrthogonal = largest - smallest < SAME * largest;
  const [factor, top] = [formatNumber(growth), formatNumber(largest)];
  const spread = isOrthogonal
    ? l10n.t('All singular values are {0}: the matrix stretches every direction alike.', top)
    : l10n.t(
        'The singular values are between {0} and {1}. No direction is stretched most at every step, so the gradient changes by a factor of {2} per step rather than {1}.',
        formatNumber(smallest),
        top,
        factor,
      );
  const slopes = {
    linear: isOrthogonal
      ? l10n.t(
          'A linear network has slopes of 1, so the gradient is {0} to the power of the lag: {1} after {2} steps.',
          top,
          formatNumber(largest ** flow.window),
          formatCount(flow.window),
        )
      : l10n.t('A linear network has slopes of 1, so only the matrix decides.'),
    tanh: l10n.t(
      'The slopes of tanh are at most 1, and below it away from zero. Each step back multiplies the gradient by {0}.',
      factor,
    ),
    relu: l10n.t(
      'A ReLU has a slope of 1 or 0: units that are off pass nothing back. Each step back multiplies the gradient by {0}.',
      factor,
    ),
  }[activation];
  return [spread, slopes, describeBound(largest, growth, flow)];
}

/** The statement of the lecture about the largest singular value, as far as it is true here. */
function describeBound(largest: number, growth: number, { window }: ConstructionResult['flow']): string {
  if (largest <= 1 - SAME)
    return l10n.t(
      'The largest singular value is below 1. That is enough: after {0} steps at most {1} of the gradient can be left.',
      formatCount(window),
      formatNumber(largest ** window),
    );
  if (largest < 1 + SAME)
    return l10n.t('The largest singular value is 1: the gradient cannot grow, and an activation can only shrink it.');
  return growth > 1 + SAME
    ? l10n.t('The largest singular value is above 1, and the gradient grows.')
    : l10n.t(
        'The largest singular value is above 1, and yet the gradient does not grow: a value above 1 is necessary for an explosion, but not sufficient.',
      );
}

import { modelOfCounts } from './estimate.ts';
import { ExpectedCounts } from './expectedCounts.ts';
import type { HiddenMarkovModel } from './hiddenMarkovModel.ts';

/** Model after one Baum-Welch step, and the likelihood of the data before it. */
export interface BaumWelchStep {
  readonly model: HiddenMarkovModel;
  /** Log likelihood of all sequences under the model before the step, in nats. */
  readonly logLikelihood: number;
}

/**
 * One step of expectation maximization for sequences with unknown states (Baum et al. 1970; Rabiner 1989, equations 37
 * to 40, summed over sequences as in 109 to 111). With a smoothing of 0 the likelihood never decreases. States that no
 * sequence visits become uniform.
 * @param smoothing added to every expected count
 * @throws ImpossibleObservations
 */
export function baumWelchStep(
  model: HiddenMarkovModel,
  sequences: Iterable<ArrayLike<number>>,
  smoothing = 0,
): BaumWelchStep {
  const expected = new ExpectedCounts(model);
  let logLikelihood = 0;
  for (const observations of sequences) logLikelihood += expected.add(observations);
  const { states, symbols } = model;
  return { model: modelOfCounts(expected.sums, { states, symbols, smoothing }), logLikelihood };
}

import { ImpossibleObservations } from './chain.ts';
import { modelOfCounts, zeroCounts } from './estimate.ts';
import type { HiddenMarkovModel, HmmProbabilities } from './hiddenMarkovModel.ts';
import { backward, forward, totalOf } from './inference.ts';

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
  const expected = zeroCounts(model);
  let logLikelihood = 0;
  for (const observations of sequences) logLikelihood += addExpectedCounts(model, observations, expected);
  const { states, symbols } = model;
  return { model: modelOfCounts(expected, { states, symbols, smoothing }), logLikelihood };
}

/** Adds the expected counts of one sequence and returns its log likelihood. */
function addExpectedCounts(
  model: HiddenMarkovModel,
  observations: ArrayLike<number>,
  expected: HmmProbabilities,
): number {
  const { states, symbols, logTransition } = model;
  const scores = model.scores(observations);
  const alpha = forward(model, scores);
  const beta = backward(model, scores);
  const total = totalOf(model, alpha);
  if (total === -Infinity) throw new ImpossibleObservations();
  for (let t = 0; t < observations.length; t++) {
    for (let i = 0; i < states; i++) {
      const here = t * states + i;
      const visits = Math.exp(alpha[here]! + beta[here]! - total);
      if (t === 0) add(expected.initial, i, visits);
      add(expected.emission, i * symbols + observations[t]!, visits);
      for (let j = 0; t + 1 < observations.length && j < states; j++) {
        const next = here - i + states + j;
        const through = logTransition[i * states + j]! + scores[next]! + beta[next]!;
        add(expected.transition, i * states + j, Math.exp(alpha[here]! + through - total));
      }
    }
  }
  return total;
}

function add(counts: Float64Array, at: number, amount: number): void {
  counts[at] = counts[at]! + amount;
}

import { zeroCounts } from '../../src/models/hmm/estimate.ts';
import type { HiddenMarkovModel, HmmProbabilities } from '../../src/models/hmm/hiddenMarkovModel.ts';
import { backward, forward, totalOf } from '../../src/models/hmm/inference.ts';

/** Expected counts of sequences in logarithms, with three exponentials for each pair of states (Rabiner 1989, 37 to 40). */
export function countsInLogarithms(
  model: HiddenMarkovModel,
  sequences: readonly ArrayLike<number>[],
): { readonly counts: HmmProbabilities; readonly logLikelihood: number } {
  const { states, symbols, logTransition } = model;
  const counts = zeroCounts(model);
  let logLikelihood = 0;
  for (const observations of sequences) {
    const scores = model.scores(observations);
    const [alpha, beta] = [forward(model, scores), backward(model, scores)];
    const total = totalOf(model, alpha);
    logLikelihood += total;
    for (let t = 0; t < observations.length; t++)
      for (let i = 0; i < states; i++) {
        const here = t * states + i;
        const visits = Math.exp(alpha[here]! + beta[here]! - total);
        if (t === 0) counts.initial[i]! += visits;
        counts.emission[i * symbols + observations[t]!]! += visits;
        for (let j = 0; t + 1 < observations.length && j < states; j++) {
          const next = here - i + states + j;
          const through = logTransition[i * states + j]! + scores[next]! + beta[next]!;
          counts.transition[i * states + j]! += Math.exp(alpha[here]! + through - total);
        }
      }
  }
  return { counts, logLikelihood };
}

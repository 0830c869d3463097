import { logSumExp, normalized } from '../logarithms.ts';
import { ImpossibleObservations, type MarkovChain } from './chain.ts';

/*
 * Forward and backward algorithms (Rabiner 1989, "A tutorial on hidden Markov models", equations 19 to 27), in
 * logarithms, so that long sequences do not underflow. `scores` is `ln p(o_t | s_t = i)`, `[timeSteps, states]`.
 */

/**
 * `alpha[t, i] = ln p(o_1 ... o_t, s_t = i)`, `[timeSteps, states]`:
 * `alpha[t, j] = scores[t, j] + ln sum_i e^(alpha[t-1, i] + ln a_ij)`.
 */
export function forward(chain: MarkovChain, scores: Float64Array): Float64Array {
  const { states, logInitial, logTransition } = chain;
  const alpha = new Float64Array(scores.length);
  const terms = new Float64Array(states);
  for (let at = 0; at < scores.length; at += states) {
    for (let j = 0; j < states; j++) {
      for (let i = 0; at > 0 && i < states; i++) {
        terms[i] = alpha[at - states + i]! + logTransition[i * states + j]!;
      }
      const reached = at === 0 ? logInitial[j]! : logSumExp(terms);
      alpha[at + j] = reached + scores[at + j]!;
    }
  }
  return alpha;
}

/**
 * `beta[t, i] = ln p(o_t+1 ... o_T | s_t = i)`, `[timeSteps, states]`:
 * `beta[t, i] = ln sum_j e^(ln a_ij + scores[t+1, j] + beta[t+1, j])`, and 0 at the last step.
 */
export function backward(chain: MarkovChain, scores: Float64Array): Float64Array {
  const { states, logTransition } = chain;
  const beta = new Float64Array(scores.length);
  const terms = new Float64Array(states);
  for (let at = scores.length - 2 * states; at >= 0; at -= states) {
    for (let i = 0; i < states; i++) {
      for (let j = 0; j < states; j++) {
        const next = at + states + j;
        terms[j] = logTransition[i * states + j]! + scores[next]! + beta[next]!;
      }
      beta[at + i] = logSumExp(terms);
    }
  }
  return beta;
}

/** `ln p(o_1 ... o_T)`; 0 for an empty sequence, -Infinity for an impossible one. */
export function logLikelihood(chain: MarkovChain, scores: Float64Array): number {
  return totalOf(chain, forward(chain, scores));
}

/** `ln p(o_1 ... o_T)` from the result of `forward`. */
export function totalOf({ states }: MarkovChain, alpha: Float64Array): number {
  return alpha.length === 0 ? 0 : logSumExp(alpha.subarray(alpha.length - states));
}

/**
 * `P(s_t = i | o_1 ... o_T)`, `[timeSteps, states]`: the probability of each state given all observations.
 * @throws ImpossibleObservations
 */
export function smoothed(chain: MarkovChain, scores: Float64Array): Float64Array {
  const alpha = forward(chain, scores);
  if (totalOf(chain, alpha) === -Infinity) throw new ImpossibleObservations();
  const beta = backward(chain, scores);
  return normalizedRows(
    alpha.map((value, at) => value + beta[at]!),
    chain.states,
  );
}

function normalizedRows(logWeights: Float64Array, states: number): Float64Array {
  const rows = new Float64Array(logWeights.length);
  for (let at = 0; at < rows.length; at += states) rows.set(normalized(logWeights.subarray(at, at + states)), at);
  return rows;
}

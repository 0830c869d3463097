import { ImpossibleObservations, type MarkovChain } from './chain.ts';

/** Most likely states of a sequence, and the trellis of the search, for drawing. */
export interface ViterbiResult {
  /** `[timeSteps]` */
  readonly path: Int32Array;
  /** `ln p(path, o_1 ... o_T)` */
  readonly logProbability: number;
  /** Log probability of the best path that ends in a state at a time step, `[timeSteps, states]`. */
  readonly best: Float64Array;
  /** Preceding state on that path, `[timeSteps, states]`; -1 at the first time step. */
  readonly previous: Int32Array;
}

/**
 * Finds the most likely sequence of states (Viterbi 1967; Rabiner 1989, equations 32 to 35). Ties go to the state with
 * the lower number, from the last time step backward.
 * @param scores `ln p(o_t | s_t = i)`, `[timeSteps, states]`
 * @throws ImpossibleObservations
 */
export function viterbi(chain: MarkovChain, scores: Float64Array): ViterbiResult {
  const { states, logInitial, logTransition } = chain;
  const best = new Float64Array(scores.length);
  const previous = new Int32Array(scores.length).fill(-1);
  for (let at = 0; at < scores.length; at += states) {
    for (let j = 0; j < states; j++) {
      let reached = at === 0 ? logInitial[j]! : -Infinity;
      for (let i = 0; at > 0 && i < states; i++) {
        const through = best[at - states + i]! + logTransition[i * states + j]!;
        if (through <= reached && i > 0) continue;
        reached = through;
        previous[at + j] = i;
      }
      best[at + j] = reached + scores[at + j]!;
    }
  }
  if (scores.length === 0) return { path: new Int32Array(0), logProbability: 0, best, previous };
  const last = best.subarray(scores.length - states);
  const state = indexOfLargest(last);
  const logProbability = last[state]!;
  if (logProbability === -Infinity) throw new ImpossibleObservations();
  return { path: pathTo(state, previous, states), logProbability, best, previous };
}

function pathTo(lastState: number, previous: Int32Array, states: number): Int32Array {
  const path = new Int32Array(previous.length / states);
  let state = lastState;
  for (let t = path.length - 1; t >= 0; t--) {
    path[t] = state;
    state = previous[t * states + state]!;
  }
  return path;
}

function indexOfLargest(values: Float64Array): number {
  return values.reduce((best, value, index) => (value > values[best]! ? index : best), 0);
}

import type { Generator } from '../../random/generator.ts';
import { HiddenMarkovModel, type HmmProbabilities } from './hiddenMarkovModel.ts';

/** Sizes of a hidden Markov model. */
export interface HmmShape {
  readonly states: number;
  readonly symbols: number;
}

/** Random initial model for Baum-Welch, which cannot separate states that start equal. */
export function randomHmm({ states, symbols }: HmmShape, generator: Generator): HiddenMarkovModel {
  const drawn = zeroCounts({ states, symbols });
  for (const table of Object.values(drawn))
    for (let at = 0; at < table.length; at++) table[at] = 0.5 + generator.nextUniform();
  return modelOfCounts(drawn, { states, symbols, smoothing: 0 });
}

/** Zero counts in the layout of the probabilities. */
export function zeroCounts({ states, symbols }: HmmShape): HmmProbabilities {
  return {
    initial: new Float64Array(states),
    transition: new Float64Array(states ** 2),
    emission: new Float64Array(states * symbols),
  };
}

/** Estimates a model from (expected) counts. */
export function modelOfCounts(
  { initial, transition, emission }: HmmProbabilities,
  { states, symbols, smoothing }: HmmShape & { readonly smoothing: number },
): HiddenMarkovModel {
  return new HiddenMarkovModel({
    initial: relativeFrequencies(initial, states, smoothing),
    transition: relativeFrequencies(transition, states, smoothing),
    emission: relativeFrequencies(emission, symbols, smoothing),
  });
}

/**
 * Normalizes each row of counts to probabilities; a row of zeros becomes uniform.
 * @param counts `[rows, width]`
 * @param smoothing added to every count
 */
export function relativeFrequencies(counts: Float64Array, width: number, smoothing: number): Float64Array {
  const frequencies = new Float64Array(counts.length);
  for (let at = 0; at < counts.length; at += width) {
    const end = at + width;
    let total = 0;
    for (let cell = at; cell < end; cell++) total = total + counts[cell]! + smoothing;
    if (total > 0) for (let cell = at; cell < end; cell++) frequencies[cell] = (counts[cell]! + smoothing) / total;
    else frequencies.fill(1 / width, at, end);
  }
  return frequencies;
}

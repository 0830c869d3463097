import type { Generator } from '../../random/generator.ts';
import { HiddenMarkovModel, type HmmProbabilities } from './hiddenMarkovModel.ts';

/** What fixes the shapes of a model. */
export interface HmmShape {
  readonly states: number;
  readonly symbols: number;
}

/** A sequence whose states are known, `[timeSteps]` each. */
export interface StateSequence {
  readonly states: ArrayLike<number>;
  readonly observations: ArrayLike<number>;
}

/**
 * The model of sequences whose states are known: relative frequencies of first states, of pairs of states and
 * of symbols in each state. Rows that nothing was counted for are uniform.
 * @param smoothing added to every count (Laplace's rule with 1); with 0 what never occurred is impossible
 * @throws RangeError for a state or symbol outside of the shape, or a sequence with more of one than of the other
 */
export function estimateHmm(
  sequences: Iterable<StateSequence>,
  { states, symbols, smoothing }: HmmShape & { readonly smoothing: number },
): HiddenMarkovModel {
  const counts = zeroCounts({ states, symbols });
  for (const sequence of sequences) {
    const { length } = sequence.observations;
    if (sequence.states.length !== length) {
      throw new RangeError(`A sequence has ${length} observations and ${sequence.states.length} states.`);
    }
    for (let t = 0; t < length; t++) {
      const state = within(sequence.states[t], states, 'State');
      increment(counts.emission, state * symbols + within(sequence.observations[t], symbols, 'Symbol'));
      if (t === 0) increment(counts.initial, state);
      else increment(counts.transition, sequence.states[t - 1]! * states + state);
    }
  }
  return modelOfCounts(counts, { states, symbols, smoothing });
}

/** A model drawn at random, for Baum-Welch to begin with: from equal states it would never tell them apart. */
export function randomHmm({ states, symbols }: HmmShape, generator: Generator): HiddenMarkovModel {
  const drawn = zeroCounts({ states, symbols });
  for (const table of Object.values(drawn))
    for (let at = 0; at < table.length; at++) table[at] = 0.5 + generator.nextUniform();
  return modelOfCounts(drawn, { states, symbols, smoothing: 0 });
}

/** Counts of nothing yet, in the layout of the probabilities. */
export function zeroCounts({ states, symbols }: HmmShape): HmmProbabilities {
  return {
    initial: new Float64Array(states),
    transition: new Float64Array(states ** 2),
    emission: new Float64Array(states * symbols),
  };
}

/** The model of (expected) counts. */
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
 * Each row of counts as probabilities; a row of zeros is uniform.
 * @param counts `[rows, width]`
 * @param smoothing added to every count
 */
export function relativeFrequencies(counts: Float64Array, width: number, smoothing: number): Float64Array {
  const frequencies = new Float64Array(counts.length);
  for (let at = 0; at < counts.length; at += width) {
    const row = counts.subarray(at, at + width);
    const total = row.reduce((sum, count) => sum + count + smoothing, 0);
    frequencies.set(
      row.map((count) => (total > 0 ? (count + smoothing) / total : 1 / width)),
      at,
    );
  }
  return frequencies;
}

function increment(counts: Float64Array, at: number): void {
  counts[at] = counts[at]! + 1;
}

function within(value: number | undefined, limit: number, name: string): number {
  if (value !== undefined && Number.isInteger(value) && value >= 0 && value < limit) return value;
  throw new RangeError(`${name} ${value} is not one of 0 to ${limit - 1}.`);
}

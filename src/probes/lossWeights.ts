import type { Probed } from './probed.ts';

/**
 * Which losses a backward pass starts from, as weights `[rows, sequences]`; a row a step, or one where a sequence has
 * one loss.
 */

/** Every loss of an unmasked step. */
export function allLosses({ lossAt, timeSteps, lengths }: Probed): Float32Array {
  if (lossAt === 'the end') return new Float32Array(lengths.length).fill(1);
  return fill(timeSteps, lengths.length, (t, b) => t < lengths[b]!);
}

/** For each sequence the loss of the last step that a direction walks; a loss at the end is that of both directions. */
export function lastLosses({ lossAt, timeSteps, lengths }: Probed, backward: boolean): Float32Array {
  if (lossAt === 'the end') return new Float32Array(lengths.length).fill(1);
  return fill(timeSteps, lengths.length, (t, b) => t === (backward ? 0 : lengths[b]! - 1));
}

/** The loss of one step in each of `steps.length` copies of a sequence. */
export function singleLosses({ lossAt, timeSteps }: Probed, steps: readonly number[]): Float32Array {
  if (lossAt === 'the end') return new Float32Array(steps.length).fill(1);
  return fill(timeSteps, steps.length, (t, copy) => t === steps[copy]);
}

function fill(rows: number, columns: number, isIn: (row: number, column: number) => boolean): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, index) =>
    Number(isIn(Math.floor(index / columns), index % columns)),
  );
}

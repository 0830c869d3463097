import type { Probed } from './probed.ts';

/**
 * Weights of the losses that a backward pass starts from, `[rows, sequences]`. There is one row per step, or a single
 * row if a sequence has one loss.
 */

/** Selects the loss of every unmasked step. */
export function allLosses({ lossAt, timeSteps, lengths }: Probed): Float32Array {
  if (lossAt === 'the end') return new Float32Array(lengths.length).fill(1);
  return fill(timeSteps, lengths.length, (t, b) => t < lengths[b]!);
}

/** Selects the loss of the last step that a direction processes. A loss at the end belongs to both directions. */
export function lastLosses({ lossAt, timeSteps, lengths }: Probed, backward: boolean): Float32Array {
  if (lossAt === 'the end') return new Float32Array(lengths.length).fill(1);
  return fill(timeSteps, lengths.length, (t, b) => t === (backward ? 0 : lengths[b]! - 1));
}

/** Selects the loss of one step in each of `steps.length` copies of a sequence. */
export function singleLosses({ lossAt, timeSteps }: Probed, steps: readonly number[]): Float32Array {
  if (lossAt === 'the end') return new Float32Array(steps.length).fill(1);
  return fill(timeSteps, steps.length, (t, copy) => t === steps[copy]);
}

function fill(rows: number, columns: number, isIn: (row: number, column: number) => boolean): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, index) =>
    Number(isIn(Math.floor(index / columns), index % columns)),
  );
}

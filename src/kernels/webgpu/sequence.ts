import type * as tf from '@tensorflow/tfjs';
import type { SequenceInputs } from '../contract.ts';
import type { LabWebGpu } from './backend.ts';
import type { CodeOptions, WholeOptions } from './code.ts';
import { type Code, dispatch } from './dispatch.ts';
import { tilesOf } from './tiles.ts';

/**
 * What the cells share on a GPU. Where the states of a sequence have room in the shared memory of a workgroup, and the
 * weights are not too many, a whole sequence is one dispatch: each sequence in a workgroup of its own, which reads the
 * recurrent weights from the cache, so that no step waits for another sequence. Otherwise each step is a dispatch (or
 * two), of a product in tiles with all that a cell does with it; they follow each other without anything else between.
 * What does not depend on the step before (the products with the inputs, the gradients of the weights) is one large
 * product before or after.
 */

const BYTES_PER_FLOAT = 4;
/** Threads that every device allows in a workgroup. */
const MOST_THREADS = 256;
const WARP = 32;
/**
 * Bytes of recurrent weights that all sequences together may read in a step of the one dispatch, where each reads all
 * of them. Beyond that the reading, even from the cache of a large GPU, takes longer than to begin a dispatch, and
 * tiles read each weight once for sixteen sequences. Reckoned from such caches' bandwidth (some TB/s) and a dispatch's
 * start (some microseconds), not measured.
 */
const MOST_READ = 40e6;

/** A walk over all steps of every sequence, forward or back. */
export interface SequenceWalk<Output extends string> {
  /**
   * Of the cell and the direction in which states or gradients flow; with the options of its code it names the program.
   */
  readonly name: string;
  readonly units: number;
  /** Sums of each unit in the product with the state: the recurrent weights are `[units, gates * units]`. */
  readonly gates: number;
  readonly reverse: boolean;
  /** Inputs by the names that the code has for them; it has `lengths` besides. */
  readonly inputs: Readonly<Record<string, tf.Tensor | undefined>>;
  /** Steps of each sequence, where they are not all full. */
  readonly lengths: SequenceInputs['lengths'];
  readonly timeSteps: number;
  readonly batch: number;
  readonly outputs: Readonly<Record<Output, readonly number[]>>;
  /** Numbers for each unit that a workgroup shares in the code for a whole sequence. */
  readonly sharedPerUnit: number;
  /** A whole sequence in a workgroup, `group.x`. It has the uniforms `timeSteps` and `batch`, as the other has. */
  whole(options: WholeOptions): Code;
  /** A step that is walked, `uniforms.step`, or a phase of it, over tiles. */
  stepwise(options: CodeOptions): Code;
  /** Which steps or phases are dispatched, in their order. */
  readonly steps: readonly number[];
}

/** Runs the code of a cell over all sequences, in one dispatch where that has room. */
export function walkAll<Output extends string>(
  backend: LabWebGpu,
  walk: SequenceWalk<Output>,
): Record<Output, tf.Tensor> {
  const { name, units, reverse, lengths, timeSteps, batch, outputs, steps } = walk;
  const options: CodeOptions = { units, reverse, masked: lengths !== undefined };
  const work = { inputs: { ...walk.inputs, lengths }, outputs, integers: { timeSteps, batch } };
  if (!fitsOneDispatch(backend, walk)) {
    return dispatch(backend, {
      ...work,
      ...tilesOf(units, batch),
      name: `${name} ${units} ${reverse} stepwise`,
      steps,
      code: () => walk.stepwise(options),
    });
  }
  const threads = Math.min(MOST_THREADS, Math.ceil(units / WARP) * WARP);
  const code = () => walk.whole({ ...options, threads });
  return dispatch(backend, {
    ...work,
    name: `${name} ${units} ${reverse}`,
    workgroupSize: [threads, 1],
    workgroups: [batch, 1],
    code,
  });
}

function fitsOneDispatch(
  { sharedMemory }: LabWebGpu,
  { units, gates, sharedPerUnit, batch }: SequenceWalk<string>,
): boolean {
  const weights = gates * units ** 2;
  return BYTES_PER_FLOAT * sharedPerUnit * units <= sharedMemory && BYTES_PER_FLOAT * weights * batch <= MOST_READ;
}

/** The numbers from 0 to just before `count`. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** From the last step to -1, which stands for what flows back to the first states. */
export function backToFirst(timeSteps: number): number[] {
  return range(timeSteps + 1).map((index) => timeSteps - 1 - index);
}

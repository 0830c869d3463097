import type * as tf from '@tensorflow/tfjs';
import type { SequenceInputs } from '../contract.ts';
import type { LabWebGpu } from './backend.ts';
import type { CodeOptions, WholeOptions } from './code.ts';
import { type Code, dispatch } from './dispatch.ts';
import { tilesOf } from './tiles.ts';

/**
 * Execution of recurrent cells on a GPU, shared by all cells. If the states of a sequence fit into workgroup memory and
 * the recurrent weights are small enough, the whole sequence is one dispatch with one workgroup per sequence, which
 * reads the recurrent weights from the cache and never waits for another sequence. Otherwise each step is a dispatch
 * (or two) of a tiled product fused with the cell's elementwise work. Everything that does not depend on the previous
 * step (the products with the inputs, the gradients of the weights) is one large product before or after.
 */

const BYTES_PER_FLOAT = 4;
/** Workgroup size that every device supports. */
const MAX_THREADS = 256;
const WARP = 32;
/**
 * Limit of the recurrent weights in bytes that all sequences together read per step of the whole-sequence dispatch,
 * where each sequence reads all of them. Beyond it, reading takes longer than starting a dispatch, even from the cache
 * of a large GPU, and tiles read each weight only once for sixteen sequences. Estimated from cache bandwidth (some
 * TB/s) and the latency of a dispatch (some microseconds), not measured.
 */
const MAX_BYTES_READ = 40e6;

/** One pass over all steps of every sequence, forward or backward. */
export interface SequencePass<Output extends string> {
  /**
   * Name of the cell and the direction of the pass. Together with the code options it is the key of the program.
   */
  readonly name: string;
  readonly units: number;
  /** Number of gates; the recurrent weights are `[units, gates * units]`. */
  readonly gates: number;
  readonly reverse: boolean;
  /** Inputs by their names in the code, except `lengths`. */
  readonly inputs: Readonly<Record<string, tf.Tensor | undefined>>;
  /** Lengths of the sequences in time steps, if not all are full. */
  readonly lengths: SequenceInputs['lengths'];
  readonly timeSteps: number;
  readonly batch: number;
  readonly outputs: Readonly<Record<Output, readonly number[]>>;
  /** Workgroup memory of the whole-sequence code, in floats per unit. */
  readonly sharedPerUnit: number;
  /** Code that runs sequence `group.x` in one workgroup, with the uniforms `timeSteps` and `batch`. */
  whole(options: WholeOptions): Code;
  /** Code that runs iteration `uniforms.step`, or a phase of it, in tiles, with the same uniforms. */
  stepwise(options: CodeOptions): Code;
  /** Iterations or phases to dispatch, in order. */
  readonly steps: readonly number[];
}

/** Runs a pass over all sequences, in one dispatch if the states fit into workgroup memory. */
export function runPass<Output extends string>(
  backend: LabWebGpu,
  pass: SequencePass<Output>,
): Record<Output, tf.Tensor> {
  const { name, units, reverse, lengths, timeSteps, batch, outputs, steps } = pass;
  const options: CodeOptions = { units, reverse, masked: lengths !== undefined };
  const work = { inputs: { ...pass.inputs, lengths }, outputs, integers: { timeSteps, batch } };
  if (!fitsOneDispatch(backend, pass)) {
    return dispatch(backend, {
      ...work,
      ...tilesOf(units, batch),
      name: `${name} ${units} ${reverse} stepwise`,
      steps,
      code: () => pass.stepwise(options),
    });
  }
  const threads = Math.min(MAX_THREADS, Math.ceil(units / WARP) * WARP);
  const code = () => pass.whole({ ...options, threads });
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
  { units, gates, sharedPerUnit, batch }: SequencePass<string>,
): boolean {
  const weights = gates * units ** 2;
  return BYTES_PER_FLOAT * sharedPerUnit * units <= sharedMemory && BYTES_PER_FLOAT * weights * batch <= MAX_BYTES_READ;
}

/** Integers from 0 to `count` - 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Integers from the last step down to -1, the step that computes the gradients of the first states. */
export function backToFirst(timeSteps: number): number[] {
  return range(timeSteps + 1).map((index) => timeSteps - 1 - index);
}

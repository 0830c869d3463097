import * as tf from '@tensorflow/tfjs';
import type { Norms, SequenceInputs } from '../contract.ts';
import { asParts, type Parts } from '../parts.ts';
import { scatterRows } from './small.ts';

/** Shared by the cells: the order of the steps, masks, and the products with the inputs. */

/** Returns the time steps in processing order. */
export function stepOrder(timeSteps: number, reverse: boolean): number[] {
  const forward = Array.from({ length: timeSteps }, (_, t) => t);
  return reverse ? forward.reverse() : forward;
}

/** A time step, in which the sequences that have ended are masked. */
export interface Step {
  readonly t: number;
  /** Returns `next` for the running sequences, and `before` for the masked ones. */
  readonly carry: <T extends tf.Tensor>(next: T, before: T) => T;
  /** Returns `value` for the running sequences, and zeros for the masked ones. */
  readonly masked: <T extends tf.Tensor>(value: T) => T;
}

/** Returns the steps in processing order. Without `lengths`, all sequences have the full length. */
export function stepsOf({ lengths }: Pick<SequenceInputs, 'lengths'>, timeSteps: number, reverse: boolean): Step[] {
  const ends = lengths && tf.reshape(lengths, [-1, 1]);
  return stepOrder(timeSteps, reverse).map((t) => {
    const running = ends && tf.greater(ends, tf.scalar(t, 'int32'));
    const carry: Step['carry'] = (next, before) => (running ? tf.where(running, next, before) : next);
    return { t, carry, masked: (value) => carry(value, tf.zerosLike(value)) };
  });
}

/** Returns the previous state of each step, `[timeSteps, batch, units]`: `first`, then the states of earlier steps. */
export function statesBefore(first: tf.Tensor2D, states: tf.Tensor3D, reverse: boolean): tf.Tensor3D {
  const [timeSteps, batch, units] = states.shape;
  const firstStep: tf.Tensor3D = tf.reshape(first, [1, batch, units]);
  const others = tf.slice(states, reverse ? 1 : 0, timeSteps - 1);
  return tf.concat3d(reverse ? [others, firstStep] : [firstStep, others], 0);
}

/** Returns x W for every step, `[timeSteps, batch, gates * units]`; for token ids, rows of W. */
export function project(x: tf.Tensor, kernel: tf.Tensor2D): tf.Tensor3D {
  if (isIds(x)) return tf.gather<tf.Tensor>(kernel, x) as tf.Tensor3D;
  const [timeSteps, batch] = x.shape as [number, number, number];
  return tf.reshape(tf.matMul(flatten(x), kernel), [timeSteps, batch, kernel.shape[1]]);
}

/** Returns the gradients of x and W in z = x W, from dz `[timeSteps * batch, gates * units]`. */
export function projectGrad(x: tf.Tensor, kernel: tf.Tensor2D, dz: tf.Tensor2D): [dx: tf.Tensor, dKernel: tf.Tensor2D] {
  if (isIds(x)) return [empty(), scatterRows(x, dz, kernel.shape[0])];
  return [tf.reshape(tf.matMul(dz, kernel, false, true), x.shape), matrixGrad(flatten(x), dz)];
}

/** Returns the gradient of W in z = y W, which is y^T dz. */
export function matrixGrad(y: tf.Tensor2D, dz: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(y, dz, true, false);
}

/** Reshapes `[timeSteps, batch, width]` to `[timeSteps * batch, width]`. */
export function flatten(x: tf.Tensor): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape[2] ?? 1]);
}

/** Splits the last axis into `count` gates. */
export function splitGates<T extends tf.Tensor, Count extends 2 | 3 | 4>(gates: T, count: Count): Parts<T, Count> {
  return asParts(tf.split<T>(gates, count, gates.rank - 1), count);
}

/** Splits a tensor into one matrix per step, `[batch, width]`. */
export function unstackSteps(x: tf.Tensor): tf.Tensor2D[] {
  return tf.unstack(x) as tf.Tensor2D[];
}

/** Returns a placeholder for an output that does not apply. */
export function empty<T extends tf.Tensor>(): T {
  return tf.tensor1d([], 'float32') as T;
}

/** Returns the L2 norms of gradients by kind of state and step, `[kinds, timeSteps, batch]`. */
export function stepNorms(...kinds: (readonly tf.Tensor[])[]): Norms {
  return rowNorms(tf.stack(kinds.map((steps) => tf.stack([...steps]))));
}

/** L2 norms over the last axis of `[kinds, timeSteps, batch, units]`; scaled by row maximum against overflow. */
function rowNorms(gradients: tf.Tensor): Norms {
  const largest = tf.max(tf.abs(gradients), -1, true);
  const scaled = tf.divNoNan(gradients, largest);
  const norms = tf.mul(tf.sqrt(tf.sum(tf.square(scaled), -1, true)), largest);
  return tf.squeeze(norms, [-1]);
}

function isIds(x: tf.Tensor): x is tf.Tensor2D {
  return x.rank === 2;
}

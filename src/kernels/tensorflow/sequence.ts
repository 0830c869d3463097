import type { Tensor } from '@tensorflow/tfjs';
import type { SequenceInputs } from '../contract.ts';
import type { Handle } from './binding.ts';
import type { NativeOps } from './nativeOps.ts';

/** Code shared by the cells: masks, the input projection and the gradients of the weights. */

type Inputs = Omit<SequenceInputs, 'bias'>;

export interface SequenceSizes {
  readonly timeSteps: number;
  readonly batch: number;
  readonly units: number;
}

export function sizesOf({ x, recurrentKernel }: Inputs): SequenceSizes {
  const [timeSteps, batch] = x.shape as [number, number];
  return { timeSteps, batch, units: recurrentKernel.shape[0] };
}

/** Selects `next` for the sequences that are active at step t, and `before` for those that are masked. */
export type Carry = (t: number, next: Handle, before: Handle) => Handle;

export function carryOf({ lengths }: Inputs, { timeSteps, batch }: SequenceSizes, ops: NativeOps): Carry {
  if (!lengths) return (_t, next) => next;
  const column = ops.reshape(ops.of(lengths), [batch, 1], 'int');
  const running = Array.from({ length: timeSteps }, (_, t) => ops.isGreater(column, t));
  return (t, next, before) => ops.select(running[t]!, next, before);
}

/** x W + b for each step, `[batch, gates * units]`. Token ids select rows of W. */
export function projectedSteps(
  { x, kernel, recurrentKernel }: Inputs,
  bias: Handle,
  { timeSteps, batch }: SequenceSizes,
  ops: NativeOps,
): Handle[] {
  const [rows] = kernel.shape;
  const steps = timeSteps * batch;
  const project = (): Handle => {
    const weights = ops.of(kernel);
    if (x.rank !== 2) return ops.biasAdd(ops.matMul(ops.reshape(ops.of(x), [steps, rows]), weights), bias);
    const ids = ops.of(x);
    return rows < steps ? ops.gather(ops.biasAdd(weights, bias), ids) : ops.biasAdd(ops.gather(weights, ids), bias);
  };
  return stepsOf(project(), [timeSteps, batch, recurrentKernel.shape[1]], ops);
}

/**
 * Gradients of x and of the weights in z = x W from the gradient of z, `[timeSteps * batch, gates * units]`. Token ids
 * have no gradient.
 */
export function projectionGrad(
  x: Tensor,
  weights: Handle,
  dz: Handle,
  { timeSteps, batch }: SequenceSizes,
  rows: number,
  ops: NativeOps,
): [dx: Handle, dKernel: Handle] {
  const steps = timeSteps * batch;
  if (x.rank === 2) return [ops.zeros([0]), ops.scatterRows(dz, ops.reshape(ops.of(x), [steps], 'int'), rows)];
  const dx = ops.reshape(ops.matMul(dz, weights, 'b'), [timeSteps, batch, rows]);
  return [dx, ops.matMul(ops.reshape(ops.of(x), [steps, rows]), dz, 'a')];
}

/** Splits `[timeSteps, batch, width]` or `[timeSteps * batch, width]` into steps. */
export function stepsOf(
  x: Handle,
  shape: readonly [timeSteps: number, batch: number, width: number],
  ops: NativeOps,
): Handle[] {
  return ops.unpack(ops.reshape(x, shape), shape[0]);
}

/**
 * Sets masked steps to zero.
 * @param all `[timeSteps * batch, width]`
 * @returns `[timeSteps, batch, width]`
 */
export function withoutMasked(
  all: Handle,
  inputs: Inputs,
  sizes: SequenceSizes,
  width: number,
  carry: Carry,
  ops: NativeOps,
): Handle {
  const shape: [number, number, number] = [sizes.timeSteps, sizes.batch, width];
  if (!inputs.lengths) return ops.reshape(all, shape);
  const none = ops.zeros([sizes.batch, width]);
  return ops.pack(stepsOf(all, shape, ops).map((step, t) => carry(t, step, none)));
}

/** State before each step: the initial state, then the state of the previous iteration. */
export function statesBefore(first: Handle, states: readonly Handle[], reverse: boolean): Handle[] {
  return reverse ? [...states.slice(1), first] : [first, ...states.slice(0, -1)];
}

/** L2 norms of gradients by kind and step, each kind `[timeSteps * batch, units]`, to `[kinds, timeSteps, batch]`. */
export function stepNorms(kinds: readonly Handle[], { timeSteps, batch }: SequenceSizes, ops: NativeOps): Handle {
  return ops.reshape(ops.rowNorms(ops.pack(kinds), 3), [kinds.length, timeSteps, batch]);
}

import type { Tensor } from '@tensorflow/tfjs';
import type { RnnActivation, RnnAttributes, RnnGradAttributes, RnnGradInputs, RnnInputs } from '../contract.ts';
import { stepOrder } from '../reference/sequence.ts';
import type { Handle } from './binding.ts';
import type { NativeOps } from './nativeOps.ts';
import {
  carryOf,
  projectedSteps,
  projectionGrad,
  sizesOf,
  statesBefore,
  stepNorms,
  stepsOf,
  withoutMasked,
} from './sequence.ts';
import { tanhSlope } from './storedGates.ts';

/** Simple RNN kernels as TensorFlow ops. */

/** Each activation, and its gradient from its value, its slope if it is a tanh, and the gradient of its output. */
const activations: Record<
  RnnActivation,
  {
    apply(z: Handle, ops: NativeOps): Handle;
    gradient(y: Handle, slope: Handle | undefined, dy: Handle, ops: NativeOps): Handle;
  }
> = {
  tanh: { apply: (z, ops) => ops.tanh(z), gradient: (_y, slope, dy, ops) => ops.multiply(dy, slope!) },
  relu: { apply: (z, ops) => ops.relu(z), gradient: (y, _slope, dy, ops) => ops.reluGrad(y, dy) },
  linear: { apply: (z) => z, gradient: (_y, _slope, dy, ops) => ops.identity(dy) },
};

export function rnnSequence(inputs: RnnInputs, { reverse, activation }: RnnAttributes, ops: NativeOps): Tensor[] {
  return ops.kernel(() => {
    const sizes = sizesOf(inputs);
    const recurrentKernel = ops.of(inputs.recurrentKernel);
    const projected = projectedSteps(inputs, ops.of(inputs.bias), sizes, ops);
    const carry = carryOf(inputs, sizes, ops);
    const hs: Handle[] = [];
    const zs: Handle[] = [];
    let h = ops.of(inputs.h0);
    for (const t of stepOrder(sizes.timeSteps, reverse)) {
      [h, zs[t]] = ops.scope(() => {
        const z = ops.add(projected[t]!, ops.matMul(h, recurrentKernel));
        return [carry(t, activations[activation].apply(z, ops), h), z] as const;
      });
      hs[t] = h;
    }
    if (activation !== 'tanh') return [ops.pack(hs), ops.zeros([0])];
    const slopes = tanhSlope(ops.concat(zs, 0), ops);
    return [ops.pack(hs), withoutMasked(slopes, inputs, sizes, sizes.units, carry, ops)];
  });
}

/** Backpropagation through time; `reference/rnn.ts` has the equations. */
export function rnnSequenceGrad(
  inputs: RnnGradInputs,
  { reverse, activation, norms }: RnnGradAttributes,
  ops: NativeOps,
): Tensor[] {
  return ops.kernel(() => {
    const sizes = sizesOf(inputs);
    const { timeSteps, batch, units } = sizes;
    const steps = (tensor: Tensor): Handle[] => stepsOf(ops.of(tensor), [timeSteps, batch, units], ops);
    const [h, direct] = [steps(inputs.h), steps(inputs.dh)];
    const slopes = activation === 'tanh' ? steps(inputs.slopes) : [];
    const back = ops.transpose(ops.of(inputs.recurrentKernel));
    const carry = carryOf(inputs, sizes, ops);
    const zeros = ops.zerosLike(ops.of(inputs.h0));

    const dzs: Handle[] = [];
    const dhs: Handle[] = [];
    let dh = zeros;
    for (const t of stepOrder(timeSteps, !reverse)) {
      [dh, dhs[t], dzs[t]] = ops.scope(() => {
        const total = ops.add(dh, direct[t]!);
        const dz = carry(t, activations[activation].gradient(h[t]!, slopes[t], total, ops), zeros);
        return [carry(t, ops.matMul(dz, back), total), total, dz] as const;
      });
    }

    const dz = ops.concat(dzs, 0);
    const [dx, dKernel] = projectionGrad(inputs.x, ops.of(inputs.kernel), dz, sizes, inputs.kernel.shape[0], ops);
    const hBefore = ops.concat(statesBefore(ops.of(inputs.h0), h, reverse), 0);
    const gradients = [dx, dKernel, ops.matMul(hBefore, dz, 'a'), ops.sum(dz, 0), dh];
    return [...gradients, norms ? stepNorms([ops.concat(dhs, 0)], sizes, ops) : ops.zeros([0])];
  });
}

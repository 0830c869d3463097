import type { Tensor } from '@tensorflow/tfjs';
import type { LstmGradInputs, LstmInputs, SequenceAttributes, SequenceGradAttributes } from '../contract.ts';
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
import {
  sigmoidSlope,
  sigmoidValue,
  storedSigmoid,
  storedTanh,
  storedTanhSlope,
  tanhSlope,
  tanhValue,
} from './storedGates.ts';

/**
 * LSTM kernels as TensorFlow ops. `BlockLSTMV2` would run the forward pass of a whole sequence in one op, but it
 * multiplies matrices without oneDNN, needs one-hot vectors and has no masks. A loop over the steps takes no longer for
 * 65 characters and less time for words.
 */

export function lstmSequence(inputs: LstmInputs, { reverse }: SequenceAttributes, ops: NativeOps): Tensor[] {
  return ops.kernel(() => {
    const sizes = sizesOf(inputs);
    const recurrentKernel = ops.of(inputs.recurrentKernel);
    const projected = projectedSteps(inputs, ops.of(inputs.bias), sizes, ops);
    const carry = carryOf(inputs, sizes, ops);
    const hs: Handle[] = [];
    const cs: Handle[] = [];
    const zs: Handle[] = [];
    let [h, c] = [ops.of(inputs.h0), ops.of(inputs.c0)];
    for (const t of stepOrder(sizes.timeSteps, reverse)) {
      [h, c, zs[t]] = ops.scope(() => {
        const z = ops.add(projected[t]!, ops.matMul(h, recurrentKernel));
        const [zi, zf, zg, zo] = ops.split(z, 4);
        const [i, f, g, o] = [ops.sigmoid(zi), ops.sigmoid(zf), ops.tanh(zg), ops.sigmoid(zo)];
        const next = ops.add(ops.multiply(f, c), ops.multiply(i, g));
        const out = ops.multiply(o, ops.tanh(next));
        return [carry(t, out, h), carry(t, next, c), z] as const;
      });
      hs[t] = h;
      cs[t] = c;
    }
    const [zi, zf, zg, zo] = ops.split(ops.concat(zs, 0), 4);
    const [i, f, o] = [storedSigmoid(zi, ops), storedSigmoid(zf, ops), storedSigmoid(zo, ops)];
    const gates = withoutMasked(
      ops.concat([i, f, storedTanh(zg, ops), o], 1),
      inputs,
      sizes,
      4 * sizes.units,
      carry,
      ops,
    );
    return [ops.pack(hs), ops.pack(cs), gates];
  });
}

/**
 * Backpropagation through time; `reference/lstm.ts` has the equations. The loop only computes what depends on the
 * following step; everything else is one op for all steps.
 */
export function lstmSequenceGrad(
  inputs: LstmGradInputs,
  { reverse, norms }: SequenceGradAttributes,
  ops: NativeOps,
): Tensor[] {
  return ops.kernel(() => {
    const sizes = sizesOf(inputs);
    const { timeSteps, batch, units } = sizes;
    const steps = (all: Handle): Handle[] => stepsOf(all, [timeSteps, batch, units], ops);
    const flat = [timeSteps * batch, units];
    const stored = ops.reshape(ops.of(inputs.storedGates), [timeSteps * batch, 4 * units]);
    const [i, f, g, o] = ops.split(stored, 4);
    const allC = ops.reshape(ops.of(inputs.c), flat);
    const [h, c, direct] = [steps(ops.of(inputs.h)), steps(allC), steps(ops.of(inputs.dh))];
    const cBefore = ops.concat(statesBefore(ops.of(inputs.c0), c, reverse), 0);
    const slopes = [
      ops.multiply(tanhValue(g, ops), sigmoidSlope(i, ops)),
      ops.multiply(cBefore, sigmoidSlope(f, ops)),
      ops.multiply(sigmoidValue(i, ops), storedTanhSlope(g, ops)),
      ops.multiply(ops.tanh(allC), sigmoidSlope(o, ops)),
    ];
    const factors = stepsOf(ops.concat(slopes, 1), [timeSteps, batch, 4 * units], ops);
    const hToC = steps(ops.multiply(sigmoidValue(o, ops), tanhSlope(allC, ops)));
    const forget = steps(sigmoidValue(f, ops));
    const back = ops.transpose(ops.of(inputs.recurrentKernel));
    const carry = carryOf(inputs, sizes, ops);

    const dzs: Handle[] = [];
    const dhs: Handle[] = [];
    const dcs: Handle[] = [];
    let [dh, dc] = [ops.zerosLike(ops.of(inputs.h0)), ops.of(inputs.dcLast)];
    for (const t of stepOrder(timeSteps, !reverse)) {
      [dh, dc, dhs[t], dcs[t], dzs[t]] = ops.scope(() => {
        const total = ops.add(dh, direct[t]!);
        const totalC = ops.add(dc, ops.multiply(total, hToC[t]!));
        const dz = ops.multiply(ops.concat([totalC, totalC, totalC, total], 1), factors[t]!);
        const dcBefore = ops.multiply(totalC, forget[t]!);
        return [carry(t, ops.matMul(dz, back), total), carry(t, dcBefore, totalC), total, totalC, dz] as const;
      });
    }

    const dz = ops.concat(dzs, 0);
    const [dx, dKernel] = projectionGrad(inputs.x, ops.of(inputs.kernel), dz, sizes, inputs.kernel.shape[0], ops);
    const hBefore = ops.concat(statesBefore(ops.of(inputs.h0), h, reverse), 0);
    const gradients = [dx, dKernel, ops.matMul(hBefore, dz, 'a'), ops.sum(dz, 0), dh, dc];
    const allNorms = norms ? stepNorms([ops.concat(dhs, 0), ops.concat(dcs, 0)], sizes, ops) : ops.zeros([0]);
    return [...gradients, allNorms];
  });
}

import type { Tensor } from '@tensorflow/tfjs';
import type { LstmGradInputs, LstmInputs, SequenceAttributes, SequenceGradAttributes } from '../contract.ts';
import { stepOrder } from '../reference/sequence.ts';
import type { Handle } from './binding.ts';
import type { NativeOps } from './nativeOps.ts';
import { carryOf, projectedSteps, projectionGrad, sizesOf, statesBefore, stepNorms, stepsOf } from './sequence.ts';

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
    const noGates = ops.zerosLike(projected[0]!);
    const hs: Handle[] = [];
    const cs: Handle[] = [];
    const gates: Handle[] = [];
    let [h, c] = [ops.of(inputs.h0), ops.of(inputs.c0)];
    for (const t of stepOrder(sizes.timeSteps, reverse)) {
      [h, c, gates[t]] = ops.scope(() => {
        const z = ops.add(projected[t]!, ops.matMul(h, recurrentKernel));
        const [zi, zf, zg, zo] = ops.split(z, 4);
        const [i, f, g, o] = [ops.sigmoid(zi), ops.sigmoid(zf), ops.tanh(zg), ops.sigmoid(zo)];
        const next = ops.add(ops.multiply(f, c), ops.multiply(i, g));
        const out = ops.multiply(o, ops.tanh(next));
        return [carry(t, out, h), carry(t, next, c), carry(t, ops.concat([i, f, g, o], 1), noGates)] as const;
      });
      hs[t] = h;
      cs[t] = c;
    }
    return [ops.pack(hs), ops.pack(cs), ops.pack(gates)];
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
    const gates = ops.split(ops.reshape(ops.of(inputs.gates), [timeSteps * batch, 4 * units]), 4);
    const [is, fs, gs, os] = gates.map(steps) as [Handle[], Handle[], Handle[], Handle[]];
    const allTanhC = ops.tanh(ops.reshape(ops.of(inputs.c), [timeSteps * batch, units]));
    const tanhC = steps(allTanhC);
    const [h, c, direct] = [steps(ops.of(inputs.h)), steps(ops.of(inputs.c)), steps(ops.of(inputs.dh))];
    const cBefore = statesBefore(ops.of(inputs.c0), c, reverse);
    const weights = ops.of(inputs.recurrentKernel);
    const back = ops.transpose(swapped(weights, ops));
    const nothing = { x: ops.zeros([batch, 0]), peephole: ops.zeros([units]), bias: ops.zeros([4 * units]) };
    const carry = carryOf(inputs, sizes, ops);

    const dzs: Handle[] = [];
    const dhs: Handle[] = [];
    const dcs: Handle[] = [];
    let [dh, dc] = [ops.zerosLike(ops.of(inputs.h0)), ops.of(inputs.dcLast)];
    for (const t of stepOrder(timeSteps, !reverse)) {
      const at = (all: readonly Handle[]): Handle => all[t]!;
      dcs[t] = dc;
      [dh, dc, dhs[t], dzs[t]] = ops.scope(() => {
        const total = ops.add(dh, at(direct));
        const states = { i: at(is), f: at(fs), g: at(gs), o: at(os), cBefore: at(cBefore), c: at(c), tanhC: at(tanhC) };
        const [dcBefore, dz] = ops.lstmStepGrad({ ...states, dh: total, dc, weights, nothing });
        return [carry(t, ops.matMul(dz, back), total), carry(t, dcBefore, dc), total, dz] as const;
      });
    }

    const dz = ops.concat(dzs, 0);
    const [dx, dKernel] = projectionGrad(
      inputs.x,
      swapped(ops.of(inputs.kernel), ops),
      dz,
      sizes,
      inputs.kernel.shape[0],
      ops,
    );
    const hBefore = ops.concat(statesBefore(ops.of(inputs.h0), h, reverse), 0);
    const dRecurrentKernel = swapped(ops.matMul(hBefore, dz, 'a'), ops);
    const dBias = swapped(ops.reshape(ops.sum(dz, 0), [1, 4 * units]), ops);
    const gradients = [dx, swapped(dKernel, ops), dRecurrentKernel, ops.reshape(dBias, [4 * units]), dh, dc];
    if (!norms) return [...gradients, ops.zeros([0])];
    const allDh = ops.concat(dhs, 0);
    // The loop has the gradient of c_t through c_{t+1}; this adds the gradient through h_t.
    const allDc = ops.add(ops.concat(dcs, 0), ops.tanhGrad(allTanhC, ops.multiply(allDh, gates[3])));
    return [...gradients, stepNorms([allDh, allDc], sizes, ops)];
  });
}

/**
 * Converts columns from the gate order of the contract (input, forget, candidate, output) to that of TensorFlow (input,
 * candidate, forget, output), or back.
 */
function swapped(matrix: Handle, ops: NativeOps): Handle {
  const [first, second, third, fourth] = ops.split(matrix, 4);
  return ops.concat([first, third, second, fourth], 1);
}

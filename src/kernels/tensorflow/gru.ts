import type { Tensor } from '@tensorflow/tfjs';
import type { GruAttributes, GruGradAttributes, GruGradInputs, GruInputs } from '../contract.ts';
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
  sigmoidComplement,
  sigmoidSlope,
  sigmoidValue,
  storedSigmoid,
  storedTanh,
  storedTanhSlope,
  tanhValue,
} from './storedGates.ts';

/**
 * GRU kernels as TensorFlow ops. `GRUBlockCell` is not used: it supports only the convention of the paper, multiplies
 * matrices without oneDNN, and also runs one step per op, so these ops are no more and support both conventions.
 */

/** One handle per gate: update, reset, candidate. */
export function gruSequence(inputs: GruInputs, { reverse, resetAfter }: GruAttributes, ops: NativeOps): Tensor[] {
  return ops.kernel(() => {
    const sizes = sizesOf(inputs);
    const recurrentKernel = ops.of(inputs.recurrentKernel);
    const [gateKernel, candidateKernel] = splitGates(recurrentKernel, ops);
    const [inputBias, recurrentBias] = resetAfter
      ? (ops.unpack(ops.of(inputs.bias), 2) as [Handle, Handle])
      : [ops.of(inputs.bias)];
    const projected = projectedSteps(inputs, inputBias, sizes, ops);
    const carry = carryOf(inputs, sizes, ops);
    const h0 = ops.of(inputs.h0);
    const noCandidate = ops.zerosLike(h0);
    const hs: Handle[] = [];
    const zs: Handle[] = [];
    const candidates: Handle[] = [];
    let h = h0;
    for (const t of stepOrder(sizes.timeSteps, reverse)) {
      [h, zs[t], candidates[t]] = ops.scope(() => {
        const [xz, xr, xg] = ops.split(projected[t]!, 3);
        const recurrent =
          recurrentBias === undefined
            ? ops.matMul(h, gateKernel)
            : ops.biasAdd(ops.matMul(h, recurrentKernel), recurrentBias);
        const [hz, hr, hg] = ops.split(recurrent, recurrentBias === undefined ? 2 : 3) as [Handle, Handle, Handle?];
        const [zz, zr] = [ops.add(xz, hz), ops.add(xr, hr)];
        const [z, r] = [ops.sigmoid(zz), ops.sigmoid(zr)];
        const zg = ops.add(
          xg,
          hg === undefined ? ops.matMul(ops.multiply(r, h), candidateKernel) : ops.multiply(r, hg),
        );
        const g = ops.tanh(zg);
        // z h + (1 - z) g
        const next = ops.add(g, ops.multiply(z, ops.subtract(h, g)));
        const candidate = hg === undefined ? noCandidate : carry(t, hg, noCandidate);
        return [carry(t, next, h), ops.concat([zz, zr, zg], 1), candidate] as const;
      });
      hs[t] = h;
    }
    const [zz, zr, zg] = ops.split(ops.concat(zs, 0), 3);
    const stored = ops.concat([storedSigmoid(zz, ops), storedSigmoid(zr, ops), storedTanh(zg, ops)], 1);
    const gates = withoutMasked(stored, inputs, sizes, 3 * sizes.units, carry, ops);
    return [ops.pack(hs), gates, resetAfter ? ops.pack(candidates) : ops.zeros([0])];
  });
}

/** Backpropagation through time; `reference/gru.ts` has the equations. */
export function gruSequenceGrad(
  inputs: GruGradInputs,
  { reverse, resetAfter, norms }: GruGradAttributes,
  ops: NativeOps,
): Tensor[] {
  return ops.kernel(() => {
    const sizes = sizesOf(inputs);
    const { timeSteps, batch, units } = sizes;
    const rows = timeSteps * batch;
    const steps = (all: Handle): Handle[] => stepsOf(all, [timeSteps, batch, units], ops);
    const [storedZ, storedR, storedG] = ops.split(ops.reshape(ops.of(inputs.storedGates), [rows, 3 * units]), 3);
    const reset = sigmoidValue(storedR, ops);
    const [zs, rs] = [steps(sigmoidValue(storedZ, ops)), steps(reset)];
    const [h, direct] = [steps(ops.of(inputs.h)), steps(ops.of(inputs.dh))];
    const hBefore = statesBefore(ops.of(inputs.h0), h, reverse);
    const states = ops.concat(hBefore, 0);
    const resetTimes = resetAfter ? ops.reshape(ops.of(inputs.recurrentCandidate), [rows, units]) : states;
    const updateFactors = steps(
      ops.multiply(ops.subtract(states, tanhValue(storedG, ops)), sigmoidSlope(storedZ, ops)),
    );
    const resetFactors = steps(ops.multiply(resetTimes, sigmoidSlope(storedR, ops)));
    const candidateFactors = steps(ops.multiply(sigmoidComplement(storedZ, ops), storedTanhSlope(storedG, ops)));
    const recurrentKernel = ops.of(inputs.recurrentKernel);
    const [gateKernel, candidateKernel] = splitGates(recurrentKernel, ops);
    const back = ops.transpose(recurrentKernel);
    const gatesBack = ops.transpose(gateKernel);
    const candidateBack = ops.transpose(candidateKernel);
    const carry = carryOf(inputs, sizes, ops);
    const zeros = ops.zerosLike(ops.of(inputs.h0));

    // Gradients of the pre-activations: on the input side, and on the side of the previous state.
    const byInput: Handle[] = [];
    const byState: Handle[] = [];
    const dhs: Handle[] = [];
    let dh = zeros;
    for (const t of stepOrder(timeSteps, !reverse)) {
      const at = (all: readonly Handle[]): Handle => all[t]!;
      [dh, dhs[t], byInput[t], byState[t]] = ops.scope(() => {
        const total = ops.add(dh, at(direct));
        const kept = ops.multiply(total, at(zs));
        const dz = ops.multiply(total, at(updateFactors));
        const dg = carry(t, ops.multiply(total, at(candidateFactors)), zeros);
        const dRecurrent = resetAfter ? dg : ops.matMul(dg, candidateBack);
        const dr = ops.multiply(dRecurrent, at(resetFactors));
        const throughReset = ops.multiply(dRecurrent, at(rs));
        const side = ops.concat(resetAfter ? [dz, dr, throughReset] : [dz, dr], 1);
        const through = resetAfter ? ops.matMul(side, back) : ops.add(ops.matMul(side, gatesBack), throughReset);
        return [carry(t, ops.add(kept, through), total), total, ops.concat([dz, dr, dg], 1), side] as const;
      });
    }

    const [dInput, dState] = [ops.concat(byInput, 0), ops.concat(byState, 0)];
    const [dx, dKernel] = projectionGrad(inputs.x, ops.of(inputs.kernel), dInput, sizes, inputs.kernel.shape[0], ops);
    const dStateKernel = ops.matMul(states, dState, 'a');
    const dRecurrentKernel = resetAfter ? dStateKernel : ops.concat([dStateKernel, dCandidateKernel()], 1);
    const dInputBias = ops.sum(dInput, 0);
    const dBias = resetAfter ? ops.pack([dInputBias, ops.sum(dState, 0)]) : dInputBias;
    return [
      dx,
      dKernel,
      dRecurrentKernel,
      dBias,
      dh,
      norms ? stepNorms([ops.concat(dhs, 0)], sizes, ops) : ops.zeros([0]),
    ];

    function dCandidateKernel(): Handle {
      const [, , dg] = ops.split(dInput, 3);
      return ops.matMul(ops.multiply(reset, states), dg, 'a');
    }
  });
}

/** Splits the recurrent kernel into the columns of update and reset, and those of the candidate. */
function splitGates(recurrentKernel: Handle, ops: NativeOps): [gates: Handle, candidate: Handle] {
  const [update, reset, candidate] = ops.split(recurrentKernel, 3);
  return [ops.concat([update, reset], 1), candidate];
}

import * as tf from '@tensorflow/tfjs';
import type {
  GruAttributes,
  GruGradAttributes,
  GruGradInputs,
  GruGradOutputs,
  GruInputs,
  GruOutputs,
} from '../contract.ts';
import {
  sigmoidComplement,
  sigmoidSlope,
  sigmoidValue,
  storedSigmoid,
  storedTanh,
  storedTanhSlope,
  tanhValue,
} from '../storedGates.ts';
import {
  empty,
  flatten,
  matrixGrad,
  project,
  projectGrad,
  splitGates,
  statesBefore,
  stepNorms,
  stepsOf,
  unstackSteps,
} from './sequence.ts';

/** GRU in plain TensorFlow.js ops: the reference for the faster kernels. */

/** Forward pass; equations and shapes in `contract.ts`. */
export function gruSequence(inputs: GruInputs, { reverse, resetAfter }: GruAttributes): GruOutputs {
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, h0 } = inputs;
    const [inputBias, recurrentBias] = resetAfter ? tf.unstack(inputs.bias) : [inputs.bias, tf.zerosLike(inputs.bias)];
    const [, , candidateKernel] = splitThree(recurrentKernel);
    const projected = unstackSteps(tf.add(project(x, kernel), inputBias!));
    const hs: tf.Tensor2D[] = [];
    const gates: tf.Tensor[] = [];
    const recurrentCandidates: tf.Tensor[] = [];
    let h = h0;
    for (const { t, carry, masked } of stepsOf(inputs, projected.length, reverse)) {
      const [xz, xr, xg] = splitThree(projected[t]!);
      const [hz, hr, hg] = splitThree(tf.add(tf.matMul(h, recurrentKernel), recurrentBias!));
      const z = storedSigmoid(tf.add(xz, hz));
      const r = storedSigmoid(tf.add(xr, hr));
      const reset = sigmoidValue(r);
      const zg = tf.add(xg, resetAfter ? tf.mul(reset, hg) : tf.matMul(tf.mul(reset, h), candidateKernel));
      h = hs[t] = carry(tf.add(tf.mul(sigmoidValue(z), h), tf.mul(sigmoidComplement(z), tf.tanh(zg))), h);
      gates[t] = masked(tf.concat([z, r, storedTanh(zg)], 1));
      recurrentCandidates[t] = masked(hg);
    }
    const [allH, allGates] = [tf.stack(hs), tf.stack(gates)] as [tf.Tensor3D, tf.Tensor3D];
    return [allH, allGates, resetAfter ? tf.stack(recurrentCandidates) : empty()];
  });
}

/**
 * Backpropagation through time. With dz, dr and dg the gradients of the gates' pre-activations, q = h_{t-1} U + b_h of
 * the candidate, and d(rh) = dg U^T the gradient of r_t * h_{t-1}:
 *
 *     dz_t = dh_t (h_{t-1} - g_t) * slope      dg_t = dh_t (1 - z_t) * slope
 *     dr_t = dg_t q_t * slope                  dh_{t-1} = dh_t z_t + [dz_t, dr_t, dg_t r_t] U^T           (resetAfter)
 *     dr_t = d(rh)_t h_{t-1} * slope           dh_{t-1} = dh_t z_t + [dz_t, dr_t] U^T + d(rh)_t r_t       (otherwise)
 *
 * In a masked step dz, dr and dg are zero, and dh is passed on unchanged, as h was.
 */
export function gruSequenceGrad(
  inputs: GruGradInputs,
  { reverse, resetAfter, norms }: GruGradAttributes,
): GruGradOutputs {
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, h0, h, storedGates, recurrentCandidate } = inputs;
    const [z, r, g] = splitThree(storedGates);
    const [updateKernel, resetKernel, candidateKernel] = splitThree(recurrentKernel);
    const gateKernel = tf.concat([updateKernel, resetKernel], 1);
    const hBefore = statesBefore(h0, h, reverse);

    const update = tf.unstack(sigmoidValue(z));
    const allReset = sigmoidValue(r);
    const reset = tf.unstack(allReset);
    const updateFactors = tf.unstack(tf.mul(tf.sub(hBefore, tanhValue(g)), sigmoidSlope(z)));
    const resetFactors = tf.unstack(tf.mul(resetAfter ? recurrentCandidate : hBefore, sigmoidSlope(r)));
    const candidateFactors = tf.unstack(tf.mul(sigmoidComplement(z), storedTanhSlope(g)));
    const direct = tf.unstack(inputs.dh);

    const dGates: tf.Tensor[] = [];
    const dhs: tf.Tensor[] = [];
    let dh: tf.Tensor = tf.zerosLike(h0);
    for (const { t, carry, masked } of stepsOf(inputs, direct.length, !reverse)) {
      const [updateGate, resetGate] = [update[t], reset[t]] as [tf.Tensor, tf.Tensor];
      dh = dhs[t] = tf.add(dh, direct[t]!);
      const dz = tf.mul(dh, updateFactors[t]!);
      const dg = masked(tf.mul(dh, candidateFactors[t]!));
      // Gradient of q with resetAfter, and of r_t * h_{t-1} otherwise.
      const dRecurrent = resetAfter ? dg : tf.matMul(dg, candidateKernel, false, true);
      const dr = tf.mul(dRecurrent, resetFactors[t]!);
      const throughReset = tf.mul(dRecurrent, resetGate);
      const throughGates = tf.matMul(tf.concat([dz, dr], 1), gateKernel, false, true);
      const throughCandidate = resetAfter ? tf.matMul(throughReset, candidateKernel, false, true) : throughReset;
      dGates[t] = tf.concat([dz, dr, dg], 1);
      dh = carry(tf.addN([tf.mul(dh, updateGate), throughGates, throughCandidate]), dh);
    }

    const dInput = flatten(tf.stack(dGates));
    const [dx, dKernel] = projectGrad(x, kernel, dInput);
    const [dz, dr, dg] = splitThree(dInput);
    const [states, resets] = [flatten(hBefore), flatten(allReset)];
    const dQ: tf.Tensor2D = tf.mul(dg, resets);
    const dGateKernel = matrixGrad(states, tf.concat([dz, dr], 1));
    const dCandidateKernel = resetAfter ? matrixGrad(states, dQ) : matrixGrad(tf.mul(resets, states), dg);
    const dInputBias: tf.Tensor1D = tf.sum(dInput, 0);
    const dBias = resetAfter
      ? (tf.stack([dInputBias, tf.sum(tf.concat([dz, dr, dQ], 1), 0)]) as tf.Tensor2D)
      : dInputBias;
    const dRecurrentKernel = tf.concat([dGateKernel, dCandidateKernel], 1);
    return [dx, dKernel, dRecurrentKernel, dBias, dh as tf.Tensor2D, norms ? stepNorms(dhs) : empty()];
  });
}

/** Splits the last axis into update, reset and candidate. */
function splitThree<T extends tf.Tensor>(gates: T): [T, T, T] {
  return splitGates(gates, 3);
}

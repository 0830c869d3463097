import * as tf from '@tensorflow/tfjs';
import type {
  LstmGradInputs,
  LstmGradOutputs,
  LstmInputs,
  LstmOutputs,
  SequenceAttributes,
  SequenceGradAttributes,
} from '../contract.ts';
import {
  sigmoidSlope,
  sigmoidValue,
  storedSigmoid,
  storedTanh,
  storedTanhSlope,
  tanhSlope,
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

/** LSTM in plain TensorFlow.js ops: the reference for the faster kernels. */

/** Forward pass; equations and shapes in `contract.ts`. */
export function lstmSequence(inputs: LstmInputs, { reverse }: SequenceAttributes): LstmOutputs {
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, bias, h0, c0 } = inputs;
    const projected = unstackSteps(tf.add(project(x, kernel), bias));
    const hs: tf.Tensor2D[] = [];
    const cs: tf.Tensor2D[] = [];
    const gates: tf.Tensor[] = [];
    let h = h0;
    let c = c0;
    for (const { t, carry, masked } of stepsOf(inputs, projected.length, reverse)) {
      const z = tf.add(projected[t]!, tf.matMul(h, recurrentKernel));
      const [zi, zf, zg, zo] = splitGates(z, 4);
      const [i, f, o] = [storedSigmoid(zi), storedSigmoid(zf), storedSigmoid(zo)];
      c = cs[t] = carry(tf.add(tf.mul(sigmoidValue(f), c), tf.mul(sigmoidValue(i), tf.tanh(zg))), c);
      h = hs[t] = carry(tf.mul(sigmoidValue(o), tf.tanh(c)), h);
      gates[t] = masked(tf.concat([i, f, storedTanh(zg), o], 1));
    }
    return [tf.stack(hs) as tf.Tensor3D, tf.stack(cs) as tf.Tensor3D, tf.stack(gates) as tf.Tensor3D];
  });
}

/**
 * Backpropagation through time. Everything that does not depend on the following step is computed for all steps at
 * once; the loop only carries dL/dh and dL/dc from step to step:
 *
 *     dc_t = dc_{t+1} * f_{t+1} + dh_t * o_t (1 - tanh(c_t)^2)
 *     dz_t = [dc_t g_t, dc_t c_{t-1}, dc_t i_t, dh_t tanh(c_t)] * slope of each gate
 *     dh_t = dh_t(direct) + dz_{t+1} U^T
 *
 * In a masked step all gates are zero, and therefore dz; dh and dc are passed on unchanged, as h and c were.
 */
export function lstmSequenceGrad(inputs: LstmGradInputs, { reverse, norms }: SequenceGradAttributes): LstmGradOutputs {
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, h0, c0, h, c, storedGates } = inputs;
    const [timeSteps] = h.shape;
    const [i, f, g, o] = splitGates(storedGates, 4);
    const tanhC = tf.tanh(c);
    const cBefore = statesBefore(c0, c, reverse);

    const factors = tf.unstack(
      tf.concat(
        [
          tf.mul(tanhValue(g), sigmoidSlope(i)),
          tf.mul(cBefore, sigmoidSlope(f)),
          tf.mul(sigmoidValue(i), storedTanhSlope(g)),
          tf.mul(tanhC, sigmoidSlope(o)),
        ],
        2,
      ),
    );
    const hToC = tf.unstack(tf.mul(sigmoidValue(o), tanhSlope(c)));
    const forget = tf.unstack(sigmoidValue(f));
    const direct = tf.unstack(inputs.dh);

    const dzs: tf.Tensor[] = [];
    const dhs: tf.Tensor[] = [];
    const dcs: tf.Tensor[] = [];
    let dh: tf.Tensor = tf.zerosLike(h0);
    let dc: tf.Tensor = inputs.dcLast;
    for (const { t, carry } of stepsOf(inputs, timeSteps, !reverse)) {
      const [factor, slope, forgetGate] = [factors[t], hToC[t], forget[t]] as [tf.Tensor, tf.Tensor, tf.Tensor];
      dh = dhs[t] = tf.add(dh, direct[t]!);
      dc = dcs[t] = tf.add(dc, tf.mul(dh, slope));
      const dz = (dzs[t] = tf.mul(tf.concat([dc, dc, dc, dh], 1), factor));
      dh = carry(tf.matMul(dz, recurrentKernel, false, true), dh);
      dc = carry(tf.mul(dc, forgetGate), dc);
    }

    const dz = flatten(tf.stack(dzs));
    const [dx, dKernel] = projectGrad(x, kernel, dz);
    const dRecurrentKernel = matrixGrad(flatten(statesBefore(h0, h, reverse)), dz);
    const [dh0, dc0] = [dh, dc] as [tf.Tensor2D, tf.Tensor2D];
    return [dx, dKernel, dRecurrentKernel, tf.sum(dz, 0), dh0, dc0, norms ? stepNorms(dhs, dcs) : empty()];
  });
}

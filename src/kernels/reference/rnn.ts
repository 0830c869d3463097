import * as tf from '@tensorflow/tfjs';
import type {
  RnnActivation,
  RnnAttributes,
  RnnGradAttributes,
  RnnGradInputs,
  RnnGradOutputs,
  RnnInputs,
  RnnOutputs,
} from '../contract.ts';
import { tanhSlope } from '../storedGates.ts';
import {
  empty,
  flatten,
  matrixGrad,
  project,
  projectGrad,
  statesBefore,
  stepNorms,
  stepsOf,
  unstackSteps,
} from './sequence.ts';

/** Simple recurrent network in plain TensorFlow.js ops: the reference for the faster kernels. */

const activations: Record<RnnActivation, (z: tf.Tensor) => tf.Tensor> = {
  tanh: tf.tanh,
  relu: tf.relu,
  linear: tf.clone,
};

const slopesOf: Record<RnnActivation, (outputs: Pick<RnnGradInputs, 'h' | 'slopes'>) => tf.Tensor> = {
  tanh: ({ slopes }) => slopes,
  relu: ({ h }) => tf.step(h),
  linear: ({ h }) => tf.onesLike(h),
};

/** Forward pass; equation and shapes in `contract.ts`. */
export function rnnSequence(inputs: RnnInputs, { reverse, activation }: RnnAttributes): RnnOutputs {
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, bias, h0 } = inputs;
    const projected = unstackSteps(tf.add(project(x, kernel), bias));
    const hs: tf.Tensor2D[] = [];
    const slopes: tf.Tensor[] = [];
    let h = h0;
    for (const { t, carry, masked } of stepsOf(inputs, projected.length, reverse)) {
      const z = tf.add(projected[t]!, tf.matMul(h, recurrentKernel));
      h = hs[t] = carry(activations[activation](z) as tf.Tensor2D, h);
      if (activation === 'tanh') slopes[t] = masked(tanhSlope(z));
    }
    return [tf.stack(hs) as tf.Tensor3D, slopes.length > 0 ? tf.stack(slopes) : empty()];
  });
}

/**
 * Backpropagation through time (Werbos 1990): dz_t = dh_t * slope(h_t), dh_{t-1} = dh_{t-1}(direct) + dz_t U^T.
 * In a masked step dz is zero, and dh is passed on unchanged, as h was.
 */
export function rnnSequenceGrad(
  inputs: RnnGradInputs,
  { reverse, activation, norms }: RnnGradAttributes,
): RnnGradOutputs {
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, h0, h } = inputs;
    const [timeSteps] = h.shape;
    const slopes = tf.unstack(slopesOf[activation](inputs));
    const direct = tf.unstack(inputs.dh);

    const dzs: tf.Tensor[] = [];
    const dhs: tf.Tensor[] = [];
    let dh: tf.Tensor = tf.zerosLike(h0);
    for (const { t, carry, masked } of stepsOf(inputs, timeSteps, !reverse)) {
      dh = dhs[t] = tf.add(dh, direct[t]!);
      const dz = (dzs[t] = masked(tf.mul(dh, slopes[t]!)));
      dh = carry(tf.matMul(dz, recurrentKernel, false, true), dh);
    }

    const dz = flatten(tf.stack(dzs));
    const [dx, dKernel] = projectGrad(x, kernel, dz);
    const dRecurrentKernel = matrixGrad(flatten(statesBefore(h0, h, reverse)), dz);
    return [dx, dKernel, dRecurrentKernel, tf.sum(dz, 0), dh as tf.Tensor2D, norms ? stepNorms(dhs) : empty()];
  });
}

import * as tf from '@tensorflow/tfjs';
import type { AttentionGradInputs, AttentionGradOutputs, AttentionInputs, AttentionOutputs } from '../contract.ts';
import { tanhSlope } from '../storedGates.ts';
import { empty } from './sequence.ts';

/** Added to the scores of padding: its exponential is exactly 0 in float32, and sums with a score stay finite. */
const PADDING_SCORE = -1e9;

/** Returns the weighted means `[timeSteps, batch, units]` and the weights `[timeSteps, batch, sourceSteps]`. */
export function attention({ query, keys, values, lengths, score }: AttentionInputs): AttentionOutputs {
  return tf.tidy(() => {
    const [q, k, v] = [batchMajor(query), batchMajor(keys), batchMajor(values)];
    const scores = score ? tf.sum(tf.mul(tf.tanh(pairSums(q, k)), score), 3) : tf.matMul(q, k, false, true);
    const isPresent = tf.less(tf.range(0, keys.shape[0], 1, 'int32'), tf.expandDims(lengths, 1));
    const mask = tf.expandDims(tf.mul(tf.sub(1, tf.cast(isPresent, 'float32')), PADDING_SCORE), 1);
    const weights: tf.Tensor3D = tf.softmax(tf.add(scores, mask));
    return [batchMajor(tf.matMul(weights, v)), batchMajor(weights)];
  });
}

/**
 * Gradients of `attention`. With dw the gradient of the weights, the softmax gives w (dw - sum of w dw) as the gradient
 * of the scores, which is propagated to queries and keys, through the tanh of an additive score.
 */
export function attentionGrad({
  query,
  keys,
  values,
  score,
  weights,
  dContext,
}: AttentionGradInputs): AttentionGradOutputs {
  return tf.tidy(() => {
    const [q, k, v, w, dc] = [query, keys, values, weights, dContext].map(batchMajor) as [
      tf.Tensor3D,
      tf.Tensor3D,
      tf.Tensor3D,
      tf.Tensor3D,
      tf.Tensor3D,
    ];
    const dWeights = tf.matMul(dc, v, false, true);
    const dScores: tf.Tensor3D = tf.mul(w, tf.sub(dWeights, tf.sum(tf.mul(w, dWeights), 2, true)));
    const dValues = batchMajor(tf.matMul(w, dc, true, false));
    if (!score)
      return [batchMajor(tf.matMul(dScores, k)), batchMajor(tf.matMul(dScores, q, true, false)), dValues, empty()];
    const sums = pairSums(q, k);
    const activated = tf.tanh(sums);
    const dSums = tf.mul(tf.mul(tf.expandDims(dScores, 3), score), tanhSlope(sums));
    const dScore: tf.Tensor1D = tf.sum(tf.mul(activated, tf.expandDims(dScores, 3)), [0, 1, 2]);
    return [batchMajor(tf.sum(dSums, 2)), batchMajor(tf.sum(dSums, 1)), dValues, dScore];
  });
}

/** q + k for every pair of a query and a key, `[batch, timeSteps, sourceSteps, width]`. */
function pairSums(q: tf.Tensor3D, k: tf.Tensor3D): tf.Tensor4D {
  return tf.add(tf.expandDims(q, 2), tf.expandDims(k, 1));
}

/** Converts `[timeSteps, batch, n]` to `[batch, timeSteps, n]`, or back. */
function batchMajor(x: tf.Tensor): tf.Tensor3D {
  return tf.transpose(x as tf.Tensor3D, [1, 0, 2]);
}

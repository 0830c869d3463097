import * as tf from '@tensorflow/tfjs';
import type {
  AdamAttributes,
  AdamInputs,
  L2NormsInputs,
  EmbeddingGradAttributes,
  EmbeddingGradInputs,
  EmbeddingInputs,
  MaskStepsInputs,
  MaxPoolGradAttributes,
  MaxPoolGradInputs,
  MaxPoolInputs,
  MaxPoolOutputs,
  AttentionPoolGradInputs,
  AttentionPoolGradOutputs,
  AttentionPoolInputs,
  AttentionPoolOutputs,
} from '../contract.ts';
import { floatParts } from '../floatParts.ts';

/** Reference kernels of a few operations each. */

/** Adam (Kingma and Ba 2015, Algorithm 1): new weights, m and v, each with the shape of the weights. */
export function adamStep(
  { weights, m, v, gradient }: AdamInputs,
  { learningRate, beta1, beta2, epsilon, step, gradientScale }: AdamAttributes,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  return tf.tidy(() => {
    const g = tf.mul(gradient, gradientScale);
    const newM = tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1));
    const newV = tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2));
    const mHat = tf.div(newM, 1 - beta1 ** step);
    const vHat = tf.div(newV, 1 - beta2 ** step);
    const update = tf.mul(tf.div(mHat, tf.add(tf.sqrt(vHat), epsilon)), learningRate);
    return [tf.sub(weights, update), newM, newV];
  });
}

/**
 * The L2 norm of each tensor as mantissa and exponent, `[n, 2]`. TensorFlow.js has no float64, so JavaScript adds up.
 */
export function l2Norms(tensors: L2NormsInputs): tf.Tensor2D {
  const rows = Object.values(tensors).map((tensor) => {
    let sum = 0;
    for (const value of tensor.dataSync()) sum += value * value;
    return floatParts(Math.sqrt(sum));
  });
  return tf.tensor2d(rows, [rows.length, 2]);
}

/** Rows of the table, `[timeSteps, batch, width]`. */
export function embeddingLookup({ table, ids }: EmbeddingInputs): tf.Tensor3D {
  return tf.gather<tf.Tensor>(table, ids) as tf.Tensor3D;
}

/** The gradient of the table, `[rows, width]`. */
export function embeddingLookupGrad({ dy, ids }: EmbeddingGradInputs, { rows }: EmbeddingGradAttributes): tf.Tensor2D {
  return tf.tidy(() => scatterRows(ids, tf.reshape(dy, [-1, dy.shape[2]]), rows));
}

/**
 * Adds up rows where the ids point: `updates [n, width]` into `[rows, width]`. `tf.scatterND` adds
 * duplicates; the gradient of `tf.gather` would do the same in one pass over all rows for each id.
 */
export function scatterRows(ids: tf.Tensor, updates: tf.Tensor2D, rows: number): tf.Tensor2D {
  return tf.scatterND(tf.reshape(ids, [-1, 1]), updates, [rows, updates.shape[1]]);
}

export function maskSteps({ x, lengths }: MaskStepsInputs): tf.Tensor3D {
  return tf.tidy(() => tf.where(isThere(x.shape[0], lengths), x, tf.zerosLike(x)));
}

export function maxPool({ h, lengths }: MaxPoolInputs): MaxPoolOutputs {
  return tf.tidy(() => {
    const seen = tf.where(isThere(h.shape[0], lengths), h, tf.fill(h.shape, -Infinity));
    return [tf.max(seen, 0), tf.cast(tf.argMax(seen, 0), 'int32')];
  });
}

export function maxPoolGrad({ steps, dPooled }: MaxPoolGradInputs, { timeSteps }: MaxPoolGradAttributes): tf.Tensor3D {
  return tf.tidy(() => {
    const all = tf.reshape(tf.range(0, timeSteps, 1, 'int32'), [-1, 1, 1]);
    return tf.mul(tf.cast(tf.equal(all, tf.expandDims(steps, 0)), 'float32'), tf.expandDims(dPooled, 0));
  });
}

/** Whether a step is one of the sequence, `[timeSteps, batch, 1]`. */
function isThere(timeSteps: number, lengths: tf.Tensor1D): tf.Tensor {
  return tf.less(tf.reshape(tf.range(0, timeSteps, 1, 'int32'), [-1, 1, 1]), tf.reshape(lengths, [1, -1, 1]));
}

/** Weighted means `[batch, width]` and the weights `[timeSteps, batch]`. */
export function attentionPool({ h, scores, lengths }: AttentionPoolInputs): AttentionPoolOutputs {
  return tf.tidy(() => {
    const steps = tf.expandDims(tf.range(0, h.shape[0], 1, 'int32'), 1);
    const isThere = tf.less(steps, tf.expandDims(lengths, 0));
    const masked = tf.where(isThere, scores, tf.fill(scores.shape, -Infinity));
    const weights: tf.Tensor2D = tf.transpose(tf.softmax(tf.transpose(masked)));
    return [tf.sum(tf.mul(h, tf.expandDims(weights, 2)), 0), weights];
  });
}

/** dL/dh_t = w_t dL/dp, and dL/ds_t = w_t (h_t - p) . dL/dp: the softmax's gradient for the mean p. */
export function attentionPoolGrad({ h, pooled, weights, dPooled }: AttentionPoolGradInputs): AttentionPoolGradOutputs {
  return tf.tidy(() => {
    const dh: tf.Tensor3D = tf.mul(tf.expandDims(weights, 2), tf.expandDims(dPooled, 0));
    const along = tf.sum(tf.mul(tf.sub(h, pooled), dPooled), 2);
    return [dh, tf.mul(weights, along)];
  });
}

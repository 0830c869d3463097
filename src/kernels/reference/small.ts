import * as tf from '@tensorflow/tfjs';
import type {
  AdamAttributes,
  AdamInputs,
  GateActivationsAttributes,
  GateActivationsInputs,
  L2NormsInputs,
  LikeliestAttributes,
  LikeliestInputs,
  LikeliestOutputs,
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
import { sigmoidValue, tanhValue } from '../storedGates.ts';

/** Reference kernels that consist of a few ops each. */

/** Activations of stored gates. */
export function gateActivations({ stored }: GateActivationsInputs, { isTanh }: GateActivationsAttributes): tf.Tensor {
  return tf.tidy(() => {
    const gates: tf.Tensor[] = tf.split(stored, isTanh.length, -1);
    return tf.concat(
      gates.map((gate, index) => (isTanh[index] === true ? tanhValue(gate) : sigmoidValue(gate))),
      -1,
    );
  });
}

/** Adam step (Kingma and Ba 2015, Algorithm 1). Returns new weights, m and v, each with the shape of the weights. */
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
 * Returns the L2 norm of each tensor as mantissa and exponent, `[n, 2]`. JavaScript computes the sums, because
 * TensorFlow.js has no float64.
 */
export function l2Norms(tensors: L2NormsInputs): tf.Tensor2D {
  const rows = Object.values(tensors).map((tensor) => {
    let sum = 0;
    for (const value of tensor.dataSync()) sum += value * value;
    return floatParts(Math.sqrt(sum));
  });
  return tf.tensor2d(rows, [rows.length, 2]);
}

export function likeliest({ logits }: LikeliestInputs, { count }: LikeliestAttributes): LikeliestOutputs {
  return tf.tidy(() => {
    const { values, indices } = tf.topk(logits, count);
    const highest = tf.max(logits, 1, true);
    // The highest is subtracted first: the logarithm of a sum is lost beside logits of -1e9, which mask classes.
    const total = tf.log(tf.sum(tf.exp(tf.sub(logits, highest)), 1, true));
    return [tf.sub(tf.sub(values, highest), total), indices];
  });
}

/** Returns rows of the table, `[timeSteps, batch, width]`. */
export function embeddingLookup({ table, ids }: EmbeddingInputs): tf.Tensor3D {
  return tf.gather<tf.Tensor>(table, ids) as tf.Tensor3D;
}

/** Returns the gradient of the table, `[rows, width]`. */
export function embeddingLookupGrad({ dy, ids }: EmbeddingGradInputs, { rows }: EmbeddingGradAttributes): tf.Tensor2D {
  return tf.tidy(() => scatterRows(ids, tf.reshape(dy, [-1, dy.shape[2]]), rows));
}

/**
 * Scatters and adds the rows of `updates [n, width]` into `[rows, width]` by id. `tf.scatterND` sums duplicates; the
 * gradient of `tf.gather` would compute the same with one pass over all rows per id.
 */
export function scatterRows(ids: tf.Tensor, updates: tf.Tensor2D, rows: number): tf.Tensor2D {
  return tf.scatterND(tf.reshape(ids, [-1, 1]), updates, [rows, updates.shape[1]]);
}

export function maskSteps({ x, lengths }: MaskStepsInputs): tf.Tensor3D {
  return tf.tidy(() => tf.where(stepMask(x.shape[0], lengths), x, tf.zerosLike(x)));
}

export function maxPool({ h, lengths }: MaxPoolInputs): MaxPoolOutputs {
  return tf.tidy(() => {
    const seen = tf.where(stepMask(h.shape[0], lengths), h, tf.fill(h.shape, -Infinity));
    return [tf.max(seen, 0), tf.cast(tf.argMax(seen, 0), 'int32')];
  });
}

export function maxPoolGrad({ steps, dPooled }: MaxPoolGradInputs, { timeSteps }: MaxPoolGradAttributes): tf.Tensor3D {
  return tf.tidy(() => {
    const all = tf.reshape(tf.range(0, timeSteps, 1, 'int32'), [-1, 1, 1]);
    return tf.mul(tf.cast(tf.equal(all, tf.expandDims(steps, 0)), 'float32'), tf.expandDims(dPooled, 0));
  });
}

/** Mask of the steps that are not padding, `[timeSteps, batch, 1]`. */
function stepMask(timeSteps: number, lengths: tf.Tensor1D): tf.Tensor {
  return tf.less(tf.reshape(tf.range(0, timeSteps, 1, 'int32'), [-1, 1, 1]), tf.reshape(lengths, [1, -1, 1]));
}

/** Returns the weighted means `[batch, width]` and the weights `[timeSteps, batch]`. */
export function attentionPool({ h, scores, lengths }: AttentionPoolInputs): AttentionPoolOutputs {
  return tf.tidy(() => {
    const steps = tf.expandDims(tf.range(0, h.shape[0], 1, 'int32'), 1);
    const isStep = tf.less(steps, tf.expandDims(lengths, 0));
    const masked = tf.where(isStep, scores, tf.fill(scores.shape, -Infinity));
    const weights: tf.Tensor2D = tf.transpose(tf.softmax(tf.transpose(masked)));
    return [tf.sum(tf.mul(h, tf.expandDims(weights, 2)), 0), weights];
  });
}

/** Returns dL/dh_t = w_t dL/dp and, by the gradient of the softmax, dL/ds_t = w_t (h_t - p) . dL/dp for the mean p. */
export function attentionPoolGrad({ h, pooled, weights, dPooled }: AttentionPoolGradInputs): AttentionPoolGradOutputs {
  return tf.tidy(() => {
    const dh: tf.Tensor3D = tf.mul(tf.expandDims(weights, 2), tf.expandDims(dPooled, 0));
    const along = tf.sum(tf.mul(tf.sub(h, pooled), dPooled), 2);
    return [dh, tf.mul(weights, along)];
  });
}

import * as tf from '@tensorflow/tfjs';
import type {
  AttentionPoolGradInputs,
  AttentionPoolGradOutputs,
  AttentionPoolInputs,
  AttentionPoolOutputs,
} from '../contract.ts';

/** Weighted means `[batch, width]` and the weights `[timeSteps, batch]`. */
export function attentionPool({ h, scores, lengths }: AttentionPoolInputs): AttentionPoolOutputs {
  return tf.tidy(() => {
    const steps = tf.expandDims(tf.range(0, h.shape[0], 1, 'int32'), 1);
    const isThere = tf.less(steps, tf.expandDims(lengths, 0));
    const masked = tf.where(isThere, scores, tf.fill(scores.shape, -Infinity));
    const weights = tf.transpose(tf.softmax(tf.transpose(masked))) as tf.Tensor2D;
    return [tf.sum(tf.mul(h, tf.expandDims(weights, 2)), 0) as tf.Tensor2D, weights];
  });
}

/** dL/dh_t = w_t dL/dp, and dL/ds_t = w_t (h_t - p) . dL/dp: the softmax's gradient for the mean p. */
export function attentionPoolGrad({ h, pooled, weights, dPooled }: AttentionPoolGradInputs): AttentionPoolGradOutputs {
  return tf.tidy(() => {
    const dh = tf.mul(tf.expandDims(weights, 2), tf.expandDims(dPooled, 0)) as tf.Tensor3D;
    const along = tf.sum(tf.mul(tf.sub(h, pooled), dPooled), 2);
    return [dh, tf.mul(weights, along) as tf.Tensor2D];
  });
}

import * as tf from '@tensorflow/tfjs';

/**
 * Losses of predicted numbers: the squared error, or the mean over quantiles q of the quantile loss max(q e, (q - 1) e)
 * of the error e = target - output (Koenker and Bassett 1978, "Regression quantiles"). Call inside `tf.tidy`.
 * @param outputs `[batch, values]`, or `[batch, values * quantiles]` with the quantiles of a value next to each other
 * @param targets as many values in the same order
 * @returns `[batch * values]`
 */
export function numberLosses(outputs: tf.Tensor, targets: tf.Tensor, quantiles: readonly number[]): tf.Tensor1D {
  if (quantiles.length === 0) return tf.square(tf.sub(tf.reshape(outputs, [-1]), tf.reshape(targets, [-1])));
  const errors = tf.sub(tf.reshape(targets, [-1, 1]), tf.reshape(outputs, [-1, quantiles.length]));
  const levels = tf.tensor1d([...quantiles]);
  return tf.mean(tf.maximum(tf.mul(errors, levels), tf.mul(errors, tf.sub(levels, 1))), 1);
}

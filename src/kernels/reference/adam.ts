import * as tf from '@tensorflow/tfjs';
import type { AdamAttributes, AdamInputs } from '../contract.ts';

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

import * as tf from '@tensorflow/tfjs';
import type { L2NormsInputs } from '../contract.ts';

/**
 * The L2 norm of each tensor as mantissa and exponent, `[n, 2]`. A GPU adds in float32, and reads nothing back to do better: values
 * are divided by the largest first, so that no square underflows or overflows.
 */
export function l2Norms(tensors: L2NormsInputs): tf.Tensor2D {
  return tf.tidy(() => {
    const norms = Object.values(tensors).map((tensor) => {
      const magnitude = tf.abs(tensor);
      const largest = tf.max(magnitude);
      const scaled = tf.div(magnitude, tf.where(tf.equal(largest, 0), tf.onesLike(largest), largest));
      const norm = tf.mul(largest, tf.sqrt(tf.sum(tf.square(scaled))));
      // Shaders may take it that nothing is NaN: so it is asked bit by bit.
      const finite = tf.all(tf.isFinite(tensor));
      return tf.where(finite, norm, tf.fill(norm.shape, NaN));
    });
    const mantissas = tf.stack(norms);
    return tf.stack([mantissas, tf.zerosLike(mantissas)], 1) as tf.Tensor2D;
  });
}

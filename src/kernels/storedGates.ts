import * as tf from '@tensorflow/tfjs';

/**
 * The form in which forward kernels store gates for the gradient (`LstmOutputs`, `GruOutputs`). In float32 an activation
 * near 1 has lost its distance to 1, and with it its slope, y (1 - y) or 1 - y^2. Therefore
 *
 * - a sigmoid y is stored as 1 - y if it is at least 1/2, and as -y otherwise, so that y, 1 - y and the slope keep their
 *   relative precision;
 * - a tanh y is stored as y / (1 - |y|), from which 1 - |y| = 1 / (1 + |s|).
 *
 * Gates of masked steps are stored as zero.
 */

/** Largest magnitude of an argument of an exponential, so that nothing stored overflows or is zero: e^80 is 6e34. */
const MAX_EXPONENT = 80;

/** Stored form of the sigmoid of x. */
export function storedSigmoid<T extends tf.Tensor>(x: T): T {
  const smaller: T = tf.sigmoid(tf.maximum(tf.neg(tf.abs(x)), -MAX_EXPONENT));
  return tf.where(tf.greaterEqual(x, 0), smaller, tf.neg(smaller));
}

/** Value y of a stored sigmoid. */
export function sigmoidValue<T extends tf.Tensor>(stored: T): T {
  return tf.sub(tf.step(stored), stored);
}

/** 1 - y for the value y of a stored sigmoid. */
export function sigmoidComplement<T extends tf.Tensor>(stored: T): T {
  return tf.add(tf.sub(1, tf.step(stored)), stored);
}

/** Slope y (1 - y) of a stored sigmoid. */
export function sigmoidSlope<T extends tf.Tensor>(stored: T): T {
  const smaller = tf.abs(stored);
  return tf.mul(smaller, tf.sub(1, smaller));
}

/** Stored form of tanh x, (e^(2 |x|) - 1) / 2 with the sign of x. */
export function storedTanh<T extends tf.Tensor>(x: T): T {
  const magnitude = tf.expm1(tf.minimum(tf.mul(2, tf.abs(x)), MAX_EXPONENT));
  return tf.mul(tf.div(magnitude, 2), tf.sign(x));
}

/** Value y of a stored tanh. */
export function tanhValue<T extends tf.Tensor>(stored: T): T {
  return tf.div(stored, tf.add(1, tf.abs(stored)));
}

/** Slope 1 - y^2 of a stored tanh: with w = 1 - |y|, w (2 - w). */
export function storedTanhSlope<T extends tf.Tensor>(stored: T): T {
  const rest = tf.div(1, tf.add(1, tf.abs(stored)));
  return tf.mul(rest, tf.sub(2, rest));
}

/** Slope of tanh at x, 1 - tanh(x)^2 = 4 s (1 - s) with s = sigmoid(-2 |x|). */
export function tanhSlope<T extends tf.Tensor>(x: T): T {
  const smaller = tf.sigmoid(tf.maximum(tf.mul(tf.abs(x), -2), -MAX_EXPONENT));
  return tf.mul(4, tf.mul(smaller, tf.sub(1, smaller)));
}

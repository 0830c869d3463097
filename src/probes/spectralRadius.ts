import * as tf from '@tensorflow/tfjs';

/** Squarings of a matrix between two looks at its size, few enough that float32 neither overflows nor underflows. */
const ROUND = 2;
const ROUNDS = 7;

/**
 * The spectral radius of square matrices by repeated squaring on the backend (Gelfand's formula): with N = 2^14,
 * ||W^2N|| / ||W^N|| is about radius^N, and whatever that is off by, float32's rounding too, N divides in the logarithm.
 * @param matrices each `[units, units]`
 */
export async function spectralRadii(matrices: readonly tf.Tensor2D[]): Promise<number[]> {
  const logarithms = tf.tidy(() => tf.stack(matrices.map((matrix) => logarithmOf(matrix))));
  const values = await logarithms.data();
  logarithms.dispose();
  return Array.from(values, Math.exp);
}

/** ln of the radius. */
function logarithmOf(matrix: tf.Tensor2D): tf.Scalar {
  let power: tf.Tensor2D = matrix;
  let exponent = 1;
  let logarithm: tf.Tensor = tf.scalar(0);
  // The power kept is that of the matrix over e^logarithm.
  const normalise = () => {
    const size = tf.max(tf.abs(power));
    power = tf.divNoNan(power, size);
    logarithm = tf.add(logarithm, tf.div(tf.log(size), exponent));
  };
  normalise();
  for (let round = 0; round < ROUNDS; round++) {
    for (let squaring = 0; squaring < ROUND; squaring++) power = tf.matMul(power, power);
    exponent *= 2 ** ROUND;
    normalise();
  }
  const growth = tf.log(tf.max(tf.abs(tf.matMul(power, power))));
  return tf.add(logarithm, tf.div(growth, exponent));
}

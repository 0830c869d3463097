import * as tf from '@tensorflow/tfjs';

/** Squarings between two rescalings, few enough that float32 neither overflows nor underflows. */
const ROUND = 2;
const ROUNDS = 7;

/**
 * Spectral radius of a square matrix by repeated squaring on the backend (Gelfand's formula). With N = 2^14,
 * ||W^2N|| / ||W^N|| is about radius^N. The error of the logarithm, rounding of float32 included, is divided by N.
 * @param matrix `[size, size]`, row-major
 */
export async function spectralRadius(matrix: Float32Array, size: number): Promise<number> {
  let largest = largestOf(matrix);
  let power = scaled(matrix, 1 / largest);
  let logarithm = Math.log(largest);
  let exponent = 1;
  for (let round = 0; round < ROUNDS && largest > 0; round++) {
    const next = await squared(power, size, ROUND);
    exponent *= 2 ** ROUND;
    largest = largestOf(next);
    logarithm += Math.log(largest) / exponent;
    // `power` is W^exponent / e^(exponent * logarithm).
    power = scaled(next, 1 / largest);
  }
  if (largest === 0) return 0;
  const growth = largestOf(await squared(power, size, 1));
  return growth === 0 ? 0 : Math.exp(logarithm + Math.log(growth) / exponent);
}

async function squared(matrix: Float32Array, size: number, times: number): Promise<Float32Array> {
  const power = tf.tidy(() => {
    let product = tf.tensor2d(matrix, [size, size]);
    for (let time = 0; time < times; time++) product = tf.matMul(product, product);
    return product;
  });
  const values = await power.data<'float32'>();
  power.dispose();
  return values;
}

function scaled(matrix: Float32Array, factor: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let index = 0; index < matrix.length; index++) result[index] = matrix[index]! * factor;
  return result;
}

/** Largest absolute value of an entry; NaN if one is NaN. */
function largestOf(matrix: Float32Array): number {
  let largest = 0;
  for (const value of matrix) largest = Math.max(largest, Math.abs(value));
  return largest;
}

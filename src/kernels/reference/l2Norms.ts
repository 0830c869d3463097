import * as tf from '@tensorflow/tfjs';
import type { L2NormsInputs } from '../contract.ts';
import { floatParts } from '../floatParts.ts';

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

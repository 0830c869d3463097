import * as tf from '@tensorflow/tfjs';

/**
 * Convolution over time with "same" padding (zeros before and after). It is one matrix product of concatenated
 * neighboring steps, so that it runs on every backend's `MatMul`.
 * @param x `[timeSteps, batch, inputs]`, zero past the end of each sequence
 * @param kernel `[width * inputs, filters]`, the earliest step first
 * @param bias `[filters]`
 * @returns `[timeSteps, batch, filters]`, before the activation
 */
export function convolve(x: tf.Tensor3D, kernel: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor3D {
  const [timeSteps, batch, inputs] = x.shape;
  const [rows, filters] = kernel.shape;
  const width = rows / inputs;
  const before = Math.floor((width - 1) / 2);
  const padded = tf.pad3d(x, [
    [before, width - 1 - before],
    [0, 0],
    [0, 0],
  ]);
  const shifted = Array.from({ length: width }, (_, at) => tf.slice3d(padded, [at, 0, 0], [timeSteps, batch, inputs]));
  const neighbors: tf.Tensor2D = tf.reshape(tf.concat3d(shifted, 2), [timeSteps * batch, rows]);
  return tf.reshape(tf.add(tf.matMul(neighbors, kernel), bias), [timeSteps, batch, filters]);
}

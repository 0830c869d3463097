import * as tf from '@tensorflow/tfjs';
import type {
  ConvolutionPoolAttributes,
  ConvolutionPoolGradInputs,
  ConvolutionPoolGradOutputs,
  ConvolutionPoolInputs,
  ConvolutionPoolOutputs,
} from '../contract.ts';
import { biasesOf, kernelsOf, stepsBefore, widthOf } from '../convolutionKernels.ts';
import { maskSteps, maxPool, maxPoolGrad } from './small.ts';

/** Reference kernels of convolutions: one matrix product for each width, of concatenated neighboring steps. */

export function convolutionPool(
  inputs: ConvolutionPoolInputs,
  { pooling }: ConvolutionPoolAttributes,
): ConvolutionPoolOutputs {
  return tf.tidy(() => {
    const { lengths } = inputs;
    const x = maskSteps(inputs);
    const biases = biasesOf(inputs);
    const activations = kernelsOf(inputs).map((kernel, n) => {
      const width = widthOf(kernel, x.shape[2]);
      return tf.relu(tf.add(product(windows(x, width, stepsBefore(width)), kernel), biases[n]!));
    });
    const h = maskSteps({ x: tf.concat3d(activations as tf.Tensor3D[], 2), lengths });
    if (pooling === 'mean') {
      const sums: tf.Tensor2D = tf.sum(h, 0);
      return [tf.div(sums, tf.expandDims(lengths, 1)), h];
    }
    const [pooled, steps] = maxPool({ h, lengths });
    return [pooled, tf.where(tf.lessEqual(pooled, 0), tf.onesLike(steps).mul(-1), steps)];
  });
}

export function convolutionPoolGrad(
  inputs: ConvolutionPoolGradInputs,
  { pooling }: ConvolutionPoolAttributes,
): ConvolutionPoolGradOutputs {
  return tf.tidy(() => {
    const { lengths, active, dPooled } = inputs;
    const x = maskSteps(inputs);
    const [timeSteps] = x.shape;
    const kernels = kernelsOf(inputs);
    const dz: tf.Tensor3D =
      pooling === 'max'
        ? maxPoolGrad({ steps: active as tf.Tensor2D, dPooled }, { timeSteps })
        : tf.mul(tf.step(active as tf.Tensor3D), tf.div(dPooled, tf.expandDims(lengths, 1)));
    const parts: tf.Tensor3D[] = tf.split(
      dz,
      kernels.map(({ shape }) => shape[1]),
      2,
    );
    const gradients = kernels.map((kernel, n) => gradientsOf(x, kernel, parts[n]!));
    const dx: tf.Tensor3D = tf.addN(gradients.map((each) => each.dx));
    return [maskSteps({ x: dx, lengths }), ...gradients.flatMap(({ dKernel, dBias }) => [dKernel, dBias])];
  });
}

/** Gradients of one width. @param dz gradient before the ReLU, `[timeSteps, batch, filters]` */
function gradientsOf(
  x: tf.Tensor3D,
  kernel: tf.Tensor2D,
  dz: tf.Tensor3D,
): { dx: tf.Tensor3D; dKernel: tf.Tensor; dBias: tf.Tensor } {
  const [, , inputs] = x.shape;
  const [rows, filters] = kernel.shape;
  const width = widthOf(kernel, inputs);
  const before = stepsBefore(width);
  // Each step is part of `width` windows: its gradient is a convolution with the filters in reverse order.
  const steps: tf.Tensor3D = tf.reverse(tf.reshape(kernel, [width, inputs, filters]), 0);
  const reversed: tf.Tensor2D = tf.reshape(tf.transpose(steps, [0, 2, 1]), [width * filters, inputs]);
  const errors: tf.Tensor2D = tf.reshape(dz, [-1, filters]);
  const seen: tf.Tensor2D = tf.reshape(windows(x, width, before), [-1, rows]);
  return {
    dx: product(windows(dz, width, width - 1 - before), reversed),
    dKernel: tf.matMul(seen, errors, true),
    dBias: tf.sum(errors, 0),
  };
}

/** Each step with its neighbors, `[timeSteps, batch, width * inputs]`, with zeros outside of the sequence. */
function windows(x: tf.Tensor3D, width: number, before: number): tf.Tensor3D {
  const [timeSteps, batch, inputs] = x.shape;
  const padded = tf.pad3d(x, [
    [before, width - 1 - before],
    [0, 0],
    [0, 0],
  ]);
  return tf.concat3d(
    Array.from({ length: width }, (_, at) => tf.slice3d(padded, [at, 0, 0], [timeSteps, batch, inputs])),
    2,
  );
}

/** Product of every step with a matrix. */
function product(x: tf.Tensor3D, kernel: tf.Tensor2D): tf.Tensor3D {
  const [timeSteps, batch, rows] = x.shape;
  return tf.reshape(tf.matMul(tf.reshape(x, [timeSteps * batch, rows]), kernel), [timeSteps, batch, kernel.shape[1]]);
}

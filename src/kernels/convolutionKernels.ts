import type * as tf from '@tensorflow/tfjs';
import type { ConvolutionPoolGradInputs, ConvolutionPoolInputs } from './contract.ts';

/** Kernels of a convolution, the filters of one width each. */
export function kernelsOf(inputs: ConvolutionPoolInputs | ConvolutionPoolGradInputs): tf.Tensor2D[] {
  const kernels: tf.Tensor2D[] = [];
  for (let n = 0; `kernel${n}` in inputs; n++) kernels.push(inputs[`kernel${n}`]!);
  return kernels;
}

/** Biases of a convolution, in the order of its kernels. */
export function biasesOf(inputs: ConvolutionPoolInputs): tf.Tensor1D[] {
  return kernelsOf(inputs).map((_, n) => inputs[`bias${n}`]!);
}

/** Width of the filters of a kernel `[width * inputs, filters]` in steps. */
export function widthOf(kernel: tf.Tensor2D, inputs: number): number {
  return kernel.shape[0] / inputs;
}

/** Number of steps before the one that filters of a width belong to. */
export function stepsBefore(width: number): number {
  return Math.floor((width - 1) / 2);
}

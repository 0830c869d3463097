import * as tf from '@tensorflow/tfjs';
import type { Norms } from '../kernels/contract.ts';
import { adamStep, denseCrossEntropy } from '../kernels/ops.ts';

/** Part of a training step that is timed alone. */
export type KernelStep = 'forward' | 'forward and backward' | 'loss' | 'adam';

/** Recurrent layer with an input and weights. */
export interface RecurrentPart {
  /** Tensors to take gradients of: the input and the weights. */
  readonly variables: readonly tf.Tensor[];
  /** Runs the layer; hidden states `[timeSteps, batch, units]`. */
  run(): tf.Tensor3D;
  /** Returns the norms that the last backward pass gave to taps. */
  takeNorms(): Norms[];
}

export interface KernelSizes {
  /** Time steps, sequences, hidden units and classes. */
  readonly sizes: { readonly T: number; readonly B: number; readonly H: number; readonly V: number };
  /** Blocks of H columns in the recurrent kernel. */
  readonly gates: number;
}

/**
 * Runs kernels on the current backend, to be timed. Each step ends by reading a number, so that the device has finished
 * all its work.
 */
export function kernelStep(
  kernels: KernelStep,
  { sizes: { T, B, H, V }, gates }: KernelSizes,
  recurrent: () => RecurrentPart,
): () => Promise<void> {
  switch (kernels) {
    case 'forward': {
      const { run } = recurrent();
      return async () => read(tf.tidy(() => first(run())));
    }
    case 'forward and backward': {
      const { run, variables, takeNorms } = recurrent();
      return async () => {
        const sum = tf.tidy(() => first(...tf.grads(() => tf.mean<tf.Scalar>(run()))([...variables])));
        await read(sum);
        await Promise.all(takeNorms().map(read));
      };
    }
    case 'loss': {
      const x = random<tf.Tensor3D>(T, B, H);
      const dense = {
        kernel: random<tf.Tensor2D>(H, V),
        bias: random<tf.Tensor1D>(V),
        targets: tf.tensor1d(
          Array.from({ length: T * B }, (_, row) => row % V),
          'int32',
        ),
      };
      return async () =>
        read(
          tf.tidy(() =>
            first(
              ...tf.grads((x, kernel) =>
                denseCrossEntropy({ ...dense, x: x as tf.Tensor3D, kernel: kernel as tf.Tensor2D }),
              )([x, dense.kernel]),
            ),
          ),
        );
    }
    case 'adam': {
      const attributes = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 1, gradientScale: 1 };
      const [weights, gradient] = [random(H, gates * H), random(H, gates * H)];
      const [m, v] = [tf.zerosLike(weights), tf.zerosLike(weights)];
      return async () => read(tf.tidy(() => first(...adamStep({ weights, m, v, gradient }, attributes))));
    }
  }
}

/** First number of each tensor, `[n]`: it is known only when all of them are computed. */
function first(...tensors: tf.Tensor[]): tf.Tensor {
  return tf.concat(tensors.map((tensor) => tf.slice(tf.reshape(tensor, [-1]), 0, 1)));
}

async function read(tensor: tf.Tensor): Promise<void> {
  await tensor.data();
  tensor.dispose();
}

/** Small numbers, so that nothing saturates. */
function random<T extends tf.Tensor>(...shape: number[]): T {
  return tf.randomUniform(shape, -0.1, 0.1, 'float32', 1) as T;
}

import * as tf from '@tensorflow/tfjs';
import type { LstmInputs, Norms } from '../kernels/contract.ts';
import { adamStep, denseCrossEntropy, gruSequence, lstmSequence, rnnSequence } from '../kernels/ops.ts';

/** Kernels of a training step by themselves. The input of the recurrent layer is as wide as its state. */
export type KernelStep = 'forward' | 'forward and backward' | 'loss' | 'adam';

export interface KernelSizes {
  /** Time steps, sequences, hidden units and classes. */
  readonly sizes: { readonly T: number; readonly B: number; readonly H: number; readonly V: number };
  readonly cell: 'lstm' | 'gru' | 'rnn';
  /** Whether the norms of the gradients at every step are taken. */
  readonly taps: boolean;
}

/**
 * Kernels at work on the backend that is set, to be timed. Each step ends with a number that is read, so that a device
 * has done all that was asked of it.
 */
export function kernelStep(
  kernels: KernelStep,
  { sizes: { T, B, H, V }, cell, taps }: KernelSizes,
): () => Promise<void> {
  const gates = { lstm: 4, gru: 3, rnn: 1 }[cell];
  const inputs = {
    x: random(T, B, H),
    kernel: random<tf.Tensor2D>(H, gates * H),
    recurrentKernel: random<tf.Tensor2D>(H, gates * H),
    h0: random<tf.Tensor2D>(B, H),
  };
  const bias = cell === 'gru' ? random<tf.Tensor2D>(2, gates * H) : random<tf.Tensor1D>(gates * H);
  const c0 = random<tf.Tensor2D>(B, H);
  const received: Norms[] = [];
  const options = taps ? { taps: { receive: (norms: Norms) => void received.push(norms) } } : {};
  const recurrent = (x: tf.Tensor, kernel: tf.Tensor2D, recurrentKernel: tf.Tensor2D): tf.Tensor3D => {
    const all = { ...inputs, x, kernel, recurrentKernel };
    if (cell === 'lstm') return lstmSequence({ ...all, bias: bias as LstmInputs['bias'], c0 }, options).h;
    if (cell === 'gru') return gruSequence({ ...all, bias }, { ...options, resetAfter: true });
    return rnnSequence({ ...all, bias: bias as tf.Tensor1D }, { ...options, activation: 'tanh' });
  };
  const { x, kernel, recurrentKernel } = inputs;

  switch (kernels) {
    case 'forward':
      return async () => read(tf.tidy(() => first(recurrent(x, kernel, recurrentKernel))));
    case 'forward and backward':
      return async () => {
        const sum = tf.tidy(() =>
          first(
            ...tf.grads((x, kernel, recurrentKernel) =>
              tf.mean(recurrent(x, kernel as tf.Tensor2D, recurrentKernel as tf.Tensor2D)),
            )([x, kernel, recurrentKernel]),
          ),
        );
        await read(sum);
        await Promise.all(received.splice(0).map(read));
      };
    case 'loss': {
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
      const [m, v] = [tf.zerosLike(recurrentKernel), tf.zerosLike(recurrentKernel)];
      return async () =>
        read(tf.tidy(() => first(...adamStep({ weights: recurrentKernel, m, v, gradient: kernel }, attributes))));
    }
  }
}

/** One number that is there when all of these tensors are, `[n]`. */
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

import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { GRU_SEQUENCE, GRU_SEQUENCE_GRAD, L2_NORMS, LSTM_SEQUENCE, LSTM_SEQUENCE_GRAD, RNN_SEQUENCE, RNN_SEQUENCE_GRAD } from '../contract.ts';
import { registerReferenceKernels } from '../reference/register.ts';
import { gruSequence, gruSequenceGrad } from './gru.ts';
import { lstmSequence, lstmSequenceGrad } from './lstm.ts';
import { l2Norms } from './norms.ts';
import { rnnSequence, rnnSequenceGrad } from './rnn.ts';

/** The name under which TensorFlow.js registers its backend. */
const BACKEND_NAME = 'webgpu';

type Kernel = (inputs: never, attributes: never, backend: WebGPUBackend) => tf.Tensor | tf.Tensor[];

const kernels: readonly [name: string, kernel: Kernel][] = [
  [LSTM_SEQUENCE, lstmSequence],
  [LSTM_SEQUENCE_GRAD, lstmSequenceGrad],
  [GRU_SEQUENCE, gruSequence],
  [GRU_SEQUENCE_GRAD, gruSequenceGrad],
  [RNN_SEQUENCE, rnnSequence],
  [RNN_SEQUENCE_GRAD, rnnSequenceGrad],
  [L2_NORMS, l2Norms],
];

/** Registers our kernels on WebGPU, once its backend is there; what has none of its own runs on the reference's, in TensorFlow.js' shaders. */
export function registerWebGpuKernels(): void {
  for (const [kernelName, kernel] of kernels) {
    if (tf.getKernel(kernelName, BACKEND_NAME)) continue;
    tf.registerKernel({ kernelName, backendName: BACKEND_NAME, kernelFunc: ({ inputs, attrs, backend }) => kernel(inputs as never, attrs as never, backend as WebGPUBackend) });
  }
  registerReferenceKernels(BACKEND_NAME);
}

import * as tf from '@tensorflow/tfjs';
import {
  ADAM_STEP,
  CLIP_SCALE,
  CONVOLUTION_POOL,
  CONVOLUTION_POOL_GRAD,
  DENSE_CROSS_ENTROPY,
  DENSE_CROSS_ENTROPY_GRAD,
  GRU_SEQUENCE,
  GRU_SEQUENCE_GRAD,
  L2_NORMS,
  LSTM_SEQUENCE,
  LSTM_SEQUENCE_GRAD,
  RNN_SEQUENCE,
  RNN_SEQUENCE_GRAD,
  SOFTMAX_CROSS_ENTROPY,
  SOFTMAX_CROSS_ENTROPY_GRAD,
} from '../contract.ts';
import { registerReferenceKernels } from '../reference/register.ts';
import { adamStep } from './adam.ts';
import type { LabWebGpu } from './backend.ts';
import { convolutionPool, convolutionPoolGrad } from './convolution.ts';
import {
  denseCrossEntropy,
  denseCrossEntropyGrad,
  softmaxCrossEntropy,
  softmaxCrossEntropyGrad,
} from './crossEntropy.ts';
import { gruSequence, gruSequenceGrad } from './gru.ts';
import { lstmSequence, lstmSequenceGrad } from './lstm.ts';
import { clipScale, l2Norms } from './norms.ts';
import { rnnSequence, rnnSequenceGrad } from './rnn.ts';

/** Name of the backend in TensorFlow.js. */
const BACKEND_NAME = 'webgpu';

type Kernel = (inputs: never, attributes: never, backend: LabWebGpu) => tf.Tensor | tf.Tensor[];

const kernels: readonly [name: string, kernel: Kernel][] = [
  [LSTM_SEQUENCE, lstmSequence],
  [LSTM_SEQUENCE_GRAD, lstmSequenceGrad],
  [GRU_SEQUENCE, gruSequence],
  [GRU_SEQUENCE_GRAD, gruSequenceGrad],
  [RNN_SEQUENCE, rnnSequence],
  [RNN_SEQUENCE_GRAD, rnnSequenceGrad],
  [SOFTMAX_CROSS_ENTROPY, softmaxCrossEntropy],
  [SOFTMAX_CROSS_ENTROPY_GRAD, softmaxCrossEntropyGrad],
  [DENSE_CROSS_ENTROPY, denseCrossEntropy],
  [DENSE_CROSS_ENTROPY_GRAD, denseCrossEntropyGrad],
  [CONVOLUTION_POOL, convolutionPool],
  [CONVOLUTION_POOL_GRAD, convolutionPoolGrad],
  [ADAM_STEP, adamStep],
  [L2_NORMS, l2Norms],
  [CLIP_SCALE, clipScale],
];

/**
 * Registers the WebGPU kernels. The backend must exist. Kernels without an implementation in WGSL use the reference
 * implementation on the shaders of TensorFlow.js.
 */
export function registerWebGpuKernels(): void {
  for (const [kernelName, kernel] of kernels) {
    if (tf.getKernel(kernelName, BACKEND_NAME)) continue;
    tf.registerKernel({
      kernelName,
      backendName: BACKEND_NAME,
      kernelFunc: ({ inputs, attrs, backend }) => kernel(inputs as never, attrs as never, backend as LabWebGpu),
    });
  }
  registerReferenceKernels(BACKEND_NAME);
}

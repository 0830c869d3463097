import * as tf from '@tensorflow/tfjs';
import {
  ADAM_STEP,
  ATTENTION,
  ATTENTION_GRAD,
  ATTENTION_POOL,
  ATTENTION_POOL_GRAD,
  DENSE_CROSS_ENTROPY,
  DENSE_CROSS_ENTROPY_GRAD,
  EMBEDDING_LOOKUP,
  EMBEDDING_LOOKUP_GRAD,
  GRU_SEQUENCE,
  GRU_SEQUENCE_GRAD,
  L2_NORMS,
  MASK_STEPS,
  MAX_POOL,
  MAX_POOL_GRAD,
  LSTM_SEQUENCE,
  LSTM_SEQUENCE_GRAD,
  RNN_SEQUENCE,
  RNN_SEQUENCE_GRAD,
  SOFTMAX_CROSS_ENTROPY,
  SOFTMAX_CROSS_ENTROPY_GRAD,
} from '../contract.ts';
import { registerGradients } from '../gradients.ts';
import { kernelFunction } from '../runKernel.ts';
import { attention, attentionGrad } from './attention.ts';
import {
  denseCrossEntropy,
  denseCrossEntropyGrad,
  softmaxCrossEntropy,
  softmaxCrossEntropyGrad,
} from './crossEntropy.ts';
import { gruSequence, gruSequenceGrad } from './gru.ts';
import { lstmSequence, lstmSequenceGrad } from './lstm.ts';
import { rnnSequence, rnnSequenceGrad } from './rnn.ts';
import {
  adamStep,
  attentionPool,
  attentionPoolGrad,
  embeddingLookup,
  embeddingLookupGrad,
  l2Norms,
  maskSteps,
  maxPool,
  maxPoolGrad,
} from './small.ts';

/**
 * Each with the one function that every backend without a kernel of its own gets, so that it can be told from others.
 */
const kernels: readonly Omit<tf.KernelConfig, 'backendName'>[] = named([
  [LSTM_SEQUENCE, lstmSequence],
  [LSTM_SEQUENCE_GRAD, lstmSequenceGrad],
  [GRU_SEQUENCE, gruSequence],
  [GRU_SEQUENCE_GRAD, gruSequenceGrad],
  [RNN_SEQUENCE, rnnSequence],
  [RNN_SEQUENCE_GRAD, rnnSequenceGrad],
  [EMBEDDING_LOOKUP, embeddingLookup],
  [EMBEDDING_LOOKUP_GRAD, embeddingLookupGrad],
  [SOFTMAX_CROSS_ENTROPY, softmaxCrossEntropy],
  [SOFTMAX_CROSS_ENTROPY_GRAD, softmaxCrossEntropyGrad],
  [DENSE_CROSS_ENTROPY, denseCrossEntropy],
  [DENSE_CROSS_ENTROPY_GRAD, denseCrossEntropyGrad],
  [ATTENTION_POOL, attentionPool],
  [ATTENTION_POOL_GRAD, attentionPoolGrad],
  [ATTENTION, attention],
  [ATTENTION_GRAD, attentionGrad],
  [MASK_STEPS, maskSteps],
  [MAX_POOL, maxPool],
  [MAX_POOL_GRAD, maxPoolGrad],
  [ADAM_STEP, adamStep],
  [L2_NORMS, l2Norms],
]);

function named(
  functions: readonly [string, Parameters<typeof kernelFunction>[0]][],
): Omit<tf.KernelConfig, 'backendName'>[] {
  return functions.map(([kernelName, kernel]) => ({ kernelName, kernelFunc: kernelFunction(kernel) }));
}

/**
 * Registers the reference kernels that a TensorFlow.js backend (`cpu`, `tensorflow`) has none of its own for: plain ops
 * run on any.
 */
export function registerReferenceKernels(backendName: string): void {
  for (const kernel of kernels) {
    if (!tf.getKernel(kernel.kernelName, backendName)) tf.registerKernel({ ...kernel, backendName });
  }
  registerGradients();
}

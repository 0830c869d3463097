import * as tf from '@tensorflow/tfjs';
import {
  ADAM_STEP,
  ATTENTION,
  ATTENTION_GRAD,
  ATTENTION_POOL,
  ATTENTION_POOL_GRAD,
  CONVOLUTION_POOL,
  CONVOLUTION_POOL_GRAD,
  DENSE_CROSS_ENTROPY,
  DENSE_CROSS_ENTROPY_GRAD,
  EMBEDDING_LOOKUP,
  EMBEDDING_LOOKUP_GRAD,
  GATE_ACTIVATIONS,
  L2_NORMS,
  LIKELIEST,
  MASK_STEPS,
  MAX_POOL,
  MAX_POOL_GRAD,
  LSTM_SEQUENCE,
  LSTM_SEQUENCE_GRAD,
  SOFTMAX_CROSS_ENTROPY,
  SOFTMAX_CROSS_ENTROPY_GRAD,
} from '../contract.ts';
import { registerGradients } from '../gradients.ts';
import { kernelFunction } from '../runKernel.ts';
import { attention, attentionGrad } from './attention.ts';
import { convolutionPool, convolutionPoolGrad } from './convolution.ts';
import {
  denseCrossEntropy,
  denseCrossEntropyGrad,
  softmaxCrossEntropy,
  softmaxCrossEntropyGrad,
} from './crossEntropy.ts';
import { lstmSequence, lstmSequenceGrad } from './lstm.ts';
import {
  adamStep,
  attentionPool,
  attentionPoolGrad,
  embeddingLookup,
  embeddingLookupGrad,
  gateActivations,
  l2Norms,
  likeliest,
  maskSteps,
  maxPool,
  maxPoolGrad,
} from './small.ts';

/**
 * Reference kernels by name. Every backend without its own kernel gets the same function, so that tests can recognize
 * it. The kernels of cells whose only state is h are registered at first use (`hiddenStates.ts`).
 */
const kernels: readonly Omit<tf.KernelConfig, 'backendName'>[] = named([
  [LSTM_SEQUENCE, lstmSequence],
  [LSTM_SEQUENCE_GRAD, lstmSequenceGrad],
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
  [CONVOLUTION_POOL, convolutionPool],
  [CONVOLUTION_POOL_GRAD, convolutionPoolGrad],
  [ADAM_STEP, adamStep],
  [L2_NORMS, l2Norms],
  [LIKELIEST, likeliest],
  [GATE_ACTIVATIONS, gateActivations],
]);

function named(
  functions: readonly [string, Parameters<typeof kernelFunction>[0]][],
): Omit<tf.KernelConfig, 'backendName'>[] {
  return functions.map(([kernelName, kernel]) => ({ kernelName, kernelFunc: kernelFunction(kernel) }));
}

/** Registers the reference kernels, which use plain ops, for each kernel that a backend lacks. */
export function registerReferenceKernels(backendName: string): void {
  for (const kernel of kernels) {
    if (!tf.getKernel(kernel.kernelName, backendName)) tf.registerKernel({ ...kernel, backendName });
  }
  registerGradients();
}

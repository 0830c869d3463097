import type * as tf from '@tensorflow/tfjs';
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
  GRU_SEQUENCE,
  GRU_SEQUENCE_GRAD,
  GATE_ACTIVATIONS,
  L2_NORMS,
  LIKELIEST,
  LSTM_SEQUENCE,
  LSTM_SEQUENCE_GRAD,
  MASK_STEPS,
  MAX_POOL,
  MAX_POOL_GRAD,
  RNN_SEQUENCE,
  RNN_SEQUENCE_GRAD,
  SOFTMAX_CROSS_ENTROPY,
  SOFTMAX_CROSS_ENTROPY_GRAD,
} from '../contract.ts';
import { attention, attentionGrad } from './attention.ts';
import { attentionPool, attentionPoolGrad } from './attentionPool.ts';
import { convolutionPool, convolutionPoolGrad } from './convolutionPool.ts';
import { denseCrossEntropy, denseCrossEntropyGrad } from './denseCrossEntropy.ts';
import { gruSequence, gruSequenceGrad, lstmSequence, lstmSequenceGrad, rnnSequence, rnnSequenceGrad } from './cells.ts';
import {
  adamStep,
  embeddingLookup,
  embeddingLookupGrad,
  gateActivations,
  l2Norms,
  likeliest,
  softmaxCrossEntropy,
  softmaxCrossEntropyGrad,
} from './kernels.ts';
import type { KernelMemory } from './memory.ts';
import { maskSteps, maxPool, maxPoolGrad } from './steps.ts';

type Kernel = (inputs: never, attributes: never, memory: KernelMemory) => tf.TensorInfo | tf.TensorInfo[];

/** Contract kernels by name, for every backend that implements `KernelMemory`. */
export const contractKernels: readonly [name: string, kernel: Kernel][] = [
  [LSTM_SEQUENCE, lstmSequence],
  [LSTM_SEQUENCE_GRAD, lstmSequenceGrad],
  [GRU_SEQUENCE, gruSequence],
  [GRU_SEQUENCE_GRAD, gruSequenceGrad],
  [RNN_SEQUENCE, rnnSequence],
  [RNN_SEQUENCE_GRAD, rnnSequenceGrad],
  [EMBEDDING_LOOKUP, (inputs: never, _attributes: never, memory) => embeddingLookup(inputs, memory)],
  [EMBEDDING_LOOKUP_GRAD, embeddingLookupGrad],
  [SOFTMAX_CROSS_ENTROPY, (inputs: never, _attributes: never, memory) => softmaxCrossEntropy(inputs, memory)],
  [SOFTMAX_CROSS_ENTROPY_GRAD, (inputs: never, _attributes: never, memory) => softmaxCrossEntropyGrad(inputs, memory)],
  [DENSE_CROSS_ENTROPY, (inputs: never, _attributes: never, memory) => denseCrossEntropy(inputs, memory)],
  [DENSE_CROSS_ENTROPY_GRAD, (inputs: never, _attributes: never, memory) => denseCrossEntropyGrad(inputs, memory)],
  [ATTENTION_POOL, (inputs: never, _attributes: never, memory) => attentionPool(inputs, memory)],
  [ATTENTION_POOL_GRAD, (inputs: never, _attributes: never, memory) => attentionPoolGrad(inputs, memory)],
  [ATTENTION, (inputs: never, _attributes: never, memory) => attention(inputs, memory)],
  [ATTENTION_GRAD, (inputs: never, _attributes: never, memory) => attentionGrad(inputs, memory)],
  [MASK_STEPS, (inputs: never, _attributes: never, memory) => maskSteps(inputs, memory)],
  [MAX_POOL, (inputs: never, _attributes: never, memory) => maxPool(inputs, memory)],
  [MAX_POOL_GRAD, maxPoolGrad],
  [CONVOLUTION_POOL, convolutionPool],
  [CONVOLUTION_POOL_GRAD, convolutionPoolGrad],
  [ADAM_STEP, adamStep],
  [LIKELIEST, likeliest],
  [L2_NORMS, (inputs: never, _attributes: never, memory) => l2Norms(inputs, memory)],
  [GATE_ACTIVATIONS, gateActivations],
];

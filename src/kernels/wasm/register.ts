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
import { registerReferenceKernels } from '../reference/register.ts';
import { attention, attentionGrad } from './attention.ts';
import { attentionPool, attentionPoolGrad } from './attentionPool.ts';
import { SequenceLabBackend } from './backend.ts';
import { addBias, castToFloat, matMul, sliceBlocks, splitBlocks, sumColumns } from './dense.ts';
import { denseCrossEntropy, denseCrossEntropyGrad } from './denseCrossEntropy.ts';
import { add, divide, multiply, subtract } from './elementwise.ts';
import { gruSequence, gruSequenceGrad } from './gru.ts';
import { adamStep, embeddingLookup, embeddingLookupGrad, l2Norms, softmaxCrossEntropy, softmaxCrossEntropyGrad } from './kernels.ts';
import { lstmSequence, lstmSequenceGrad } from './lstm.ts';
import type { Machine } from './machine.ts';
import { rnnSequence, rnnSequenceGrad } from './rnn.ts';
import { maskSteps, maxPool, maxPoolGrad } from './steps.ts';

/** The name of our backend in TensorFlow.js. */
export const BACKEND_NAME = 'sequence-lab';

type Kernel = (inputs: never, attributes: never, backend: SequenceLabBackend) => tf.TensorInfo | tf.TensorInfo[] | undefined;

const kernels: readonly [name: string, kernel: Kernel][] = [
  [LSTM_SEQUENCE, lstmSequence],
  [LSTM_SEQUENCE_GRAD, lstmSequenceGrad],
  [GRU_SEQUENCE, gruSequence],
  [GRU_SEQUENCE_GRAD, gruSequenceGrad],
  [RNN_SEQUENCE, rnnSequence],
  [RNN_SEQUENCE_GRAD, rnnSequenceGrad],
  [EMBEDDING_LOOKUP, (inputs: never, _attributes: never, backend) => embeddingLookup(inputs, backend)],
  [EMBEDDING_LOOKUP_GRAD, embeddingLookupGrad],
  [SOFTMAX_CROSS_ENTROPY, (inputs: never, _attributes: never, backend) => softmaxCrossEntropy(inputs, backend)],
  [SOFTMAX_CROSS_ENTROPY_GRAD, (inputs: never, _attributes: never, backend) => softmaxCrossEntropyGrad(inputs, backend)],
  [DENSE_CROSS_ENTROPY, (inputs: never, _attributes: never, backend) => denseCrossEntropy(inputs, backend)],
  [DENSE_CROSS_ENTROPY_GRAD, (inputs: never, _attributes: never, backend) => denseCrossEntropyGrad(inputs, backend)],
  [ATTENTION_POOL, (inputs: never, _attributes: never, backend) => attentionPool(inputs, backend)],
  [ATTENTION_POOL_GRAD, (inputs: never, _attributes: never, backend) => attentionPoolGrad(inputs, backend)],
  [ATTENTION, (inputs: never, _attributes: never, backend) => attention(inputs, backend)],
  [ATTENTION_GRAD, (inputs: never, _attributes: never, backend) => attentionGrad(inputs, backend)],
  [MASK_STEPS, (inputs: never, _attributes: never, backend) => maskSteps(inputs, backend)],
  [MAX_POOL, (inputs: never, _attributes: never, backend) => maxPool(inputs, backend)],
  [MAX_POOL_GRAD, maxPoolGrad],
  [ADAM_STEP, adamStep],
  [L2_NORMS, (inputs: never, _attributes: never, backend) => l2Norms(inputs, backend)],
];

/** Those that take the common case of a stock op and leave the rest to it. */
const overrides: readonly [name: string, kernel: Kernel][] = [
  [tf.BatchMatMul, matMul],
  [tf._FusedMatMul, matMul],
  [tf.Add, (inputs: never, attributes: never, backend) => addBias(inputs, attributes, backend) ?? add(inputs, backend)],
  [tf.Sub, (inputs: never, _attributes: never, backend) => subtract(inputs, backend)],
  [tf.Multiply, (inputs: never, _attributes: never, backend) => multiply(inputs, backend)],
  [tf.RealDiv, (inputs: never, _attributes: never, backend) => divide(inputs, backend)],
  [tf.Sum, sumColumns],
  [tf.Slice, sliceBlocks],
  [tf.SplitV, splitBlocks],
  [tf.Cast, castToFloat],
];

/** Registers the backend `sequence-lab` on a machine: all stock kernels of `cpu`, which stays as it is, and ours. */
export function registerSequenceLab(machine: Machine): void {
  tf.copyRegisteredKernels('cpu', BACKEND_NAME);
  for (const [kernelName, kernel] of kernels) replace(kernelName, kernel);
  for (const [kernelName, kernel] of overrides) replace(kernelName, kernel, tf.getKernel(kernelName, 'cpu').kernelFunc);
  registerReferenceKernels(BACKEND_NAME);
  tf.registerBackend(BACKEND_NAME, () => new SequenceLabBackend(machine));
}

function replace(kernelName: string, kernel: Kernel, stock?: tf.KernelFunc): void {
  if (tf.getKernel(kernelName, BACKEND_NAME)) tf.unregisterKernel(kernelName, BACKEND_NAME);
  tf.registerKernel({
    kernelName,
    backendName: BACKEND_NAME,
    kernelFunc(call) {
      const result = kernel(call.inputs as never, call.attrs as never, call.backend as SequenceLabBackend);
      if (result) return result;
      if (!stock) throw new Error(`The kernel ${kernelName} gave no result.`);
      return stock(call);
    },
  });
}

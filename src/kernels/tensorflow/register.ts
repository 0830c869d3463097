import * as tf from '@tensorflow/tfjs';
import {
  ADAM_STEP,
  DENSE_CROSS_ENTROPY,
  DENSE_CROSS_ENTROPY_GRAD,
  EMBEDDING_LOOKUP,
  EMBEDDING_LOOKUP_GRAD,
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
import { contractKernels } from '../wasm/contractKernels.ts';
import { sliceBlocks } from '../wasm/dense.ts';
import type { WasmRuntime } from '../wasm/runtime.ts';
import type { NativeBackend } from './binding.ts';
import {
  denseCrossEntropy,
  denseCrossEntropyGrad,
  softmaxCrossEntropy,
  softmaxCrossEntropyGrad,
} from './crossEntropy.ts';
import { embeddingLookup, embeddingLookupGrad } from './embedding.ts';
import { gruSequence, gruSequenceGrad } from './gru.ts';
import { lstmSequence, lstmSequenceGrad } from './lstm.ts';
import { NativeOps } from './nativeOps.ts';
import { WasmTensors } from './wasmTensors.ts';
import { rnnSequence, rnnSequenceGrad } from './rnn.ts';
import { adamStep, l2Norms } from './update.ts';

/** Name of the backend of `@tensorflow/tfjs-node`. */
const BACKEND_NAME = 'tensorflow';

type Kernel = (inputs: never, attributes: never, ops: NativeOps) => tf.Tensor | tf.Tensor[];

const kernels: readonly [name: string, kernel: Kernel][] = [
  [LSTM_SEQUENCE, lstmSequence],
  [LSTM_SEQUENCE_GRAD, lstmSequenceGrad],
  [GRU_SEQUENCE, gruSequence],
  [GRU_SEQUENCE_GRAD, gruSequenceGrad],
  [RNN_SEQUENCE, rnnSequence],
  [RNN_SEQUENCE_GRAD, rnnSequenceGrad],
  [EMBEDDING_LOOKUP, (inputs: never, _attributes: never, ops) => embeddingLookup(inputs, ops)],
  [EMBEDDING_LOOKUP_GRAD, (inputs: never, attributes: never, ops) => embeddingLookupGrad(inputs, attributes, ops)],
  [SOFTMAX_CROSS_ENTROPY, (inputs: never, _attributes: never, ops) => softmaxCrossEntropy(inputs, ops)],
  [SOFTMAX_CROSS_ENTROPY_GRAD, (inputs: never, _attributes: never, ops) => softmaxCrossEntropyGrad(inputs, ops)],
  [DENSE_CROSS_ENTROPY, (inputs: never, _attributes: never, ops) => denseCrossEntropy(inputs, ops)],
  [DENSE_CROSS_ENTROPY_GRAD, (inputs: never, _attributes: never, ops) => denseCrossEntropyGrad(inputs, ops)],
  [ADAM_STEP, adamStep],
  [L2_NORMS, (inputs: never, _attributes: never, ops) => l2Norms(inputs, ops)],
];

/**
 * Registers the kernels on native TensorFlow, which must be the current backend. Kernels without an implementation for
 * TensorFlow use the reference implementation on TensorFlow ops.
 * @param runtime WebAssembly kernels to run instead of TensorFlow ops. On a CPU they are faster, because each
 *   TensorFlow op reads and writes all of its memory. Omit it on a GPU.
 */
export function registerTensorflowKernels(runtime?: WasmRuntime): void {
  if (runtime && !tf.getKernel(LSTM_SEQUENCE, BACKEND_NAME)) registerOnWasm(runtime);
  let ops: NativeOps | undefined;
  for (const [kernelName, kernel] of kernels) {
    if (tf.getKernel(kernelName, BACKEND_NAME)) continue;
    tf.registerKernel({
      kernelName,
      backendName: BACKEND_NAME,
      kernelFunc: ({ inputs, attrs, backend }) =>
        kernel(inputs as never, attrs as never, (ops ??= new NativeOps(backend as NativeBackend))),
    });
  }
  registerReferenceKernels(BACKEND_NAME);
}

function registerOnWasm(runtime: WasmRuntime): void {
  const tensors = new WasmTensors(tf.backend() as NativeBackend, runtime);
  for (const [kernelName, kernel] of contractKernels) {
    tf.registerKernel({
      kernelName,
      backendName: BACKEND_NAME,
      kernelFunc: ({ inputs, attrs }) => tensors.run((memory) => kernel(inputs as never, attrs as never, memory)),
    });
  }
  // A part of a sequence's states, such as the last: TensorFlow would take over all of them for it.
  const { kernelFunc } = tf.getKernel(tf.Slice, BACKEND_NAME);
  tf.unregisterKernel(tf.Slice, BACKEND_NAME);
  tf.registerKernel({
    kernelName: tf.Slice,
    backendName: BACKEND_NAME,
    kernelFunc(call) {
      const { x } = call.inputs;
      const slice = x && tensors.has(x) ? tensors.run((memory) => sliceBlocks({ x }, call.attrs!, memory)) : undefined;
      return slice ?? kernelFunc(call);
    },
  });
}

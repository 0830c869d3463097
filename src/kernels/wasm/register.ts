import * as tf from '@tensorflow/tfjs';
import { registerReferenceKernels } from '../reference/register.ts';
import { SequenceLabBackend } from './backend.ts';
import { contractKernels } from './contractKernels.ts';
import {
  addBias,
  castToFloat,
  matMul,
  padBlocks,
  sliceBlocks,
  splitBlocks,
  sumColumns,
  tanh,
  transpose,
} from './dense.ts';
import { add, divide, multiply, square, subtract } from './elementwise.ts';
import { registerStepper } from '../stepper.ts';
import type { WasmRuntime } from './runtime.ts';
import { WasmStepper } from './stepper.ts';

/** Name of the backend in TensorFlow.js. */
export const BACKEND_NAME = 'sequence-lab';

type Kernel = (
  inputs: never,
  attributes: never,
  backend: SequenceLabBackend,
) => tf.TensorInfo | tf.TensorInfo[] | undefined;

/** Kernels that replace the common case of a stock op and leave the other cases to it. */
const overrides: readonly [name: string, kernel: Kernel][] = [
  [tf.BatchMatMul, matMul],
  [tf._FusedMatMul, matMul],
  [tf.Add, (inputs: never, attributes: never, backend) => addBias(inputs, attributes, backend) ?? add(inputs, backend)],
  [tf.Sub, (inputs: never, _attributes: never, backend) => subtract(inputs, backend)],
  [tf.Multiply, (inputs: never, _attributes: never, backend) => multiply(inputs, backend)],
  [tf.RealDiv, (inputs: never, _attributes: never, backend) => divide(inputs, backend)],
  [tf.Square, (inputs: never, _attributes: never, backend) => square(inputs, backend)],
  [tf.Tanh, tanh],
  [tf.Transpose, transpose],
  [tf.Sum, sumColumns],
  [tf.Slice, sliceBlocks],
  [tf.PadV2, padBlocks],
  [tf.SplitV, splitBlocks],
  [tf.Cast, castToFloat],
];

/**
 * Registers the backend `sequence-lab` on a runtime: copies of all stock `cpu` kernels, plus the WebAssembly kernels.
 */
export function registerSequenceLab(runtime: WasmRuntime): void {
  tf.copyRegisteredKernels('cpu', BACKEND_NAME);
  for (const [kernelName, kernel] of contractKernels) replace(kernelName, kernel);
  for (const [kernelName, kernel] of overrides) replace(kernelName, kernel, tf.getKernel(kernelName, 'cpu').kernelFunc);
  registerReferenceKernels(BACKEND_NAME);
  tf.registerBackend(BACKEND_NAME, () => new SequenceLabBackend(runtime));
  registerStepper(
    BACKEND_NAME,
    (network, states, rows) => new WasmStepper(tf.backend() as SequenceLabBackend, network, states, rows),
  );
}

function replace(kernelName: string, kernel: Kernel, stock?: tf.KernelFunc): void {
  if (tf.getKernel(kernelName, BACKEND_NAME)) tf.unregisterKernel(kernelName, BACKEND_NAME);
  tf.registerKernel({
    kernelName,
    backendName: BACKEND_NAME,
    kernelFunc(call) {
      const result = kernel(call.inputs as never, call.attrs as never, call.backend as SequenceLabBackend);
      if (result) return result;
      if (!stock) throw new Error(`The kernel ${kernelName} returned no result.`);
      return stock(call);
    },
  });
}

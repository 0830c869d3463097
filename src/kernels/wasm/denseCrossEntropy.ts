import type { TensorInfo } from '@tensorflow/tfjs';
import type { DenseCrossEntropyGradInputs, DenseCrossEntropyInputs } from '../contract.ts';
import { Job } from './layout.ts';
import type { KernelMemory } from './memory.ts';

/** Kernels of the output layer with its loss in WebAssembly. */

/** Cost of e^x, in operations of a matrix product. */
const EXPONENTIAL = 100;

export function denseCrossEntropy(
  { x, kernel, bias, targets }: DenseCrossEntropyInputs,
  memory: KernelMemory,
): TensorInfo[] {
  const { runtime } = memory;
  const [units, classes] = kernel.shape;
  const rows = x.size / units;
  const probabilities = memory.allocate([rows, classes]);
  const pointers = [x, kernel, bias, targets].map((tensor) => memory.pointerTo(tensor));
  const threads = runtime.threadsFor((2 * units + EXPONENTIAL) * rows * classes);
  runtime.withScratch(runtime.kernels.denseCrossEntropyScratch(units, classes, threads), (scratch) => {
    runtime.run(Job.denseCrossEntropy, threads, [...pointers, probabilities.pointer, rows, units, classes, scratch]);
  });
  const loss = runtime.partialSums(threads).reduce((sum, part) => sum + part, 0) / rows;
  return [memory.makeTensorInfo([], 'float32', Float32Array.of(loss)), probabilities.info];
}

export function denseCrossEntropyGrad(inputs: DenseCrossEntropyGradInputs, memory: KernelMemory): TensorInfo[] {
  const { runtime } = memory;
  const { x, kernel, targets, probabilities, dLoss } = inputs;
  const [units, classes] = kernel.shape;
  const rows = x.size / units;
  const [scale = NaN] = memory.readSync(dLoss.dataId) as Float32Array;
  const gradients = [x.shape, [units, classes], [classes]].map((shape) => memory.allocate([...shape]));
  const pointers = [
    ...[x, kernel, targets, probabilities].map((tensor) => memory.pointerTo(tensor)),
    ...gradients.map(({ pointer }) => pointer),
  ];
  const threads = runtime.threadsFor(4 * rows * units * classes);
  runtime.withScratch(runtime.kernels.denseCrossEntropyGradientScratch(units, classes, threads), (scratch) => {
    runtime.run(Job.denseCrossEntropyGradient, threads, [...pointers, rows, units, classes, scratch], [scale / rows]);
  });
  return gradients.map(({ info }) => info);
}

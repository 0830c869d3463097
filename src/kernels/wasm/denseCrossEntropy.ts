import type { TensorInfo } from '@tensorflow/tfjs';
import type { DenseCrossEntropyGradInputs, DenseCrossEntropyInputs } from '../contract.ts';
import { Job } from './layout.ts';
import type { KernelMemory } from './memory.ts';

/** Kernels of the output layer with its loss in WebAssembly. */

/** Cost of e^x, in operations of a matrix product. */
const EXPONENTIAL = 100;
/** Number of classes from which the matrix of probabilities is cut into blocks of classes as well. */
const WIDE_CLASSES = 1024;

/** Returns the loss, and probabilities; for many classes, what the gradient computes them of. */
export function denseCrossEntropy(
  { x, kernel, bias, targets }: DenseCrossEntropyInputs,
  memory: KernelMemory,
): TensorInfo[] {
  const { runtime } = memory;
  const { kernels } = runtime;
  const [units, classes] = kernel.shape;
  const rows = x.size / units;
  const wide = classes >= WIDE_CLASSES;
  const kept = memory.allocate(wide ? [kernels.wideCrossEntropyKept(rows, classes)] : [rows, classes]);
  const pointers = [x, kernel, bias, targets].map((tensor) => memory.pointerTo(tensor));
  const threads = runtime.threadsFor((2 * units + EXPONENTIAL) * rows * classes);
  const scratchBytes = wide
    ? kernels.wideCrossEntropyScratch(rows, units, classes, threads)
    : kernels.denseCrossEntropyScratch(units, classes, threads);
  runtime.withScratch(scratchBytes, (scratch) => {
    const job = wide ? Job.wideCrossEntropy : Job.denseCrossEntropy;
    runtime.run(job, threads, [...pointers, kept.pointer, rows, units, classes, scratch]);
  });
  const loss = runtime.partialSums(threads).reduce((sum, part) => sum + part, 0) / rows;
  return [memory.makeTensorInfo([], 'float32', Float32Array.of(loss)), kept.info];
}

export function denseCrossEntropyGrad(inputs: DenseCrossEntropyGradInputs, memory: KernelMemory): TensorInfo[] {
  const { runtime } = memory;
  const { kernels } = runtime;
  const { x, kernel, targets, kept, dLoss } = inputs;
  const [units, classes] = kernel.shape;
  const rows = x.size / units;
  const wide = classes >= WIDE_CLASSES;
  const [scale = NaN] = memory.readSync(dLoss.dataId) as Float32Array;
  const gradients = [x.shape, [units, classes], [classes]].map((shape) => memory.allocate([...shape]));
  const pointers = [
    ...[x, kernel, targets, kept].map((tensor) => memory.pointerTo(tensor)),
    ...gradients.map(({ pointer }) => pointer),
  ];
  const threads = runtime.threadsFor(4 * rows * units * classes);
  const scratchBytes = wide
    ? kernels.wideCrossEntropyGradientScratch(rows, units, threads)
    : kernels.denseCrossEntropyGradientScratch(units, classes, threads);
  runtime.withScratch(scratchBytes, (scratch) => {
    const job = wide ? Job.wideCrossEntropyGradient : Job.denseCrossEntropyGradient;
    runtime.run(job, threads, [...pointers, rows, units, classes, scratch], [scale / rows]);
  });
  return gradients.map(({ info }) => info);
}

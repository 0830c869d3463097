import type { TensorInfo } from '@tensorflow/tfjs';
import type { DenseCrossEntropyGradInputs, DenseCrossEntropyInputs } from '../contract.ts';
import type { SequenceLabBackend } from './backend.ts';
import { Job } from './jobs.ts';

/** The output layer and its loss of the contract on the backend of ours. */

/** Operations of a matrix product that take as long as e^x. */
const EXPONENTIAL = 100;

export function denseCrossEntropy({ x, kernel, bias, targets }: DenseCrossEntropyInputs, backend: SequenceLabBackend): TensorInfo[] {
  const { machine } = backend;
  const [units, classes] = kernel.shape;
  const rows = x.size / units;
  const probabilities = backend.allocate([rows, classes]);
  const pointers = [x, kernel, bias, targets].map((tensor) => backend.pointerTo(tensor));
  const threads = machine.threadsFor((2 * units + EXPONENTIAL) * rows * classes);
  machine.withScratch(machine.kernels.denseCrossEntropyScratch(units, classes, threads), (scratch) => {
    machine.run(Job.denseCrossEntropy, threads, [...pointers, probabilities.pointer, rows, units, classes, scratch]);
  });
  const loss = machine.partialSums(threads).reduce((sum, part) => sum + part, 0) / rows;
  return [backend.makeTensorInfo([], 'float32', Float32Array.of(loss)), probabilities.info];
}

export function denseCrossEntropyGrad(inputs: DenseCrossEntropyGradInputs, backend: SequenceLabBackend): TensorInfo[] {
  const { machine } = backend;
  const { x, kernel, targets, probabilities, dLoss } = inputs;
  const [units, classes] = kernel.shape;
  const rows = x.size / units;
  const [scale = NaN] = backend.readSync(dLoss.dataId) as Float32Array;
  const gradients = [x.shape, [units, classes], [classes]].map((shape) => backend.allocate([...shape]));
  const pointers = [...[x, kernel, targets, probabilities].map((tensor) => backend.pointerTo(tensor)), ...gradients.map(({ pointer }) => pointer)];
  const threads = machine.threadsFor(4 * rows * units * classes);
  machine.withScratch(machine.kernels.denseCrossEntropyGradientScratch(units, classes, threads), (scratch) => {
    machine.run(Job.denseCrossEntropyGradient, threads, [...pointers, rows, units, classes, scratch], [scale / rows]);
  });
  return gradients.map(({ info }) => info);
}

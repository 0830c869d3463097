import type { TensorInfo } from '@tensorflow/tfjs';
import type {
  AdamAttributes,
  AdamInputs,
  CrossEntropyGradInputs,
  CrossEntropyInputs,
  EmbeddingGradAttributes,
  EmbeddingGradInputs,
  EmbeddingInputs,
  L2NormsInputs,
} from '../contract.ts';
import { floatParts } from '../floatParts.ts';
import type { SequenceLabBackend } from './backend.ts';
import { Job } from './jobs.ts';

/** The kernels of the contract that have no recurrence, on the backend of ours. */

/** Operations of a matrix product that take as long as e^x, or as moving a number through memory. */
const EXPONENTIAL = 100;
const MOVE = 10;
/** As many as a job has room for among its arguments. */
const TENSORS_A_JOB = 48;

export function softmaxCrossEntropy({ logits, targets }: CrossEntropyInputs, backend: SequenceLabBackend): TensorInfo[] {
  const { machine } = backend;
  const [rows, classes] = logits.shape;
  const losses = backend.allocate([rows]);
  const probabilities = backend.allocate([rows, classes]);
  const pointers = [backend.pointerTo(logits), backend.pointerTo(targets), losses.pointer, probabilities.pointer];
  machine.run(Job.crossEntropy, machine.threadsFor(EXPONENTIAL * rows * classes), [...pointers, rows, classes]);
  return [losses.info, probabilities.info];
}

export function softmaxCrossEntropyGrad(inputs: CrossEntropyGradInputs, backend: SequenceLabBackend): TensorInfo {
  const { machine } = backend;
  const [rows, classes] = inputs.probabilities.shape;
  const gradient = backend.allocate([rows, classes]);
  const pointers = [inputs.probabilities, inputs.targets, inputs.dLosses].map((tensor) => backend.pointerTo(tensor));
  machine.run(Job.crossEntropyGradient, machine.threadsFor(2 * MOVE * rows * classes), [...pointers, gradient.pointer, rows, classes]);
  return gradient.info;
}

export function embeddingLookup({ table, ids }: EmbeddingInputs, backend: SequenceLabBackend): TensorInfo {
  const { machine } = backend;
  const width = table.shape[1];
  const result = backend.allocate([...ids.shape, width]);
  const integers = [backend.pointerTo(table), backend.pointerTo(ids), result.pointer, ids.size, width];
  machine.run(Job.embedding, machine.threadsFor(MOVE * ids.size * width), integers);
  return result.info;
}

export function embeddingLookupGrad({ dy, ids }: EmbeddingGradInputs, { rows }: EmbeddingGradAttributes, backend: SequenceLabBackend): TensorInfo {
  const { machine } = backend;
  const width = dy.shape[2];
  const gradient = backend.allocate([rows, width]);
  const integers = [backend.pointerTo(dy), backend.pointerTo(ids), gradient.pointer, ids.size, width, rows];
  machine.run(Job.embeddingGradient, machine.threadsFor(MOVE * ids.size * width), integers);
  return gradient.info;
}

export function adamStep({ weights, m, v, gradient }: AdamInputs, attributes: AdamAttributes, backend: SequenceLabBackend): TensorInfo[] {
  const { machine } = backend;
  const { learningRate, beta1, beta2, epsilon, step, gradientScale } = attributes;
  const results = [weights, m, v].map(({ shape }) => backend.allocate([...shape]));
  const pointers = [...[weights, m, v, gradient].map((tensor) => backend.pointerTo(tensor)), ...results.map(({ pointer }) => pointer)];
  const corrections = [1 / (1 - beta1 ** step), 1 / (1 - beta2 ** step)];
  const floats = [gradientScale, beta1, 1 - beta1, beta2, 1 - beta2, ...corrections, epsilon, learningRate];
  machine.run(Job.adam, machine.threadsFor(7 * MOVE * weights.size), [...pointers, weights.size], floats);
  return results.map(({ info }) => info);
}

export function l2Norms(inputs: L2NormsInputs, backend: SequenceLabBackend): TensorInfo {
  const tensors = Object.values(inputs);
  const sums: number[] = [];
  for (let first = 0; first < tensors.length; first += TENSORS_A_JOB) {
    sums.push(...sumsOfSquares(tensors.slice(first, first + TENSORS_A_JOB), backend));
  }
  const rows = sums.map((sum) => floatParts(Math.sqrt(sum)));
  return backend.makeTensorInfo([rows.length, 2], 'float32', Float32Array.from(rows.flat()));
}

function sumsOfSquares(tensors: readonly L2NormsInputs[string][], backend: SequenceLabBackend): number[] {
  const { machine } = backend;
  const threads = machine.threadsFor(MOVE * tensors.reduce((sum, { size }) => sum + size, 0));
  machine.run(Job.squares, threads, [tensors.length, ...tensors.flatMap((tensor) => [backend.pointerTo(tensor), tensor.size])]);
  const parts = machine.partialSums(threads * tensors.length);
  return tensors.map((_, index) => parts.subarray(index * threads, (index + 1) * threads).reduce((sum, part) => sum + part, 0));
}

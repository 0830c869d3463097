import type { TensorInfo } from '@tensorflow/tfjs';
import type {
  AdamAttributes,
  AdamInputs,
  CrossEntropyGradInputs,
  CrossEntropyInputs,
  EmbeddingGradAttributes,
  EmbeddingGradInputs,
  EmbeddingInputs,
  GateActivationsAttributes,
  GateActivationsInputs,
  L2NormsInputs,
  LikeliestAttributes,
  LikeliestInputs,
} from '../contract.ts';
import { floatParts } from '../floatParts.ts';
import { adamNumbers, adamTensors, Job } from './layout.ts';
import type { KernelMemory } from './memory.ts';

/** Non-recurrent kernels in WebAssembly. */

/** Costs of e^x and of moving a number through memory, in operations of a matrix product. */
const EXPONENTIAL = 100;
const MOVE = 10;
/** Maximum number of tensors per job, limited by the size of its argument block. */
const TENSORS_PER_JOB = 48;

export function softmaxCrossEntropy({ logits, targets }: CrossEntropyInputs, memory: KernelMemory): TensorInfo[] {
  const { runtime } = memory;
  const [rows, classes] = logits.shape;
  const losses = memory.allocate([rows]);
  const probabilities = memory.allocate([rows, classes]);
  const pointers = [memory.pointerTo(logits), memory.pointerTo(targets), losses.pointer, probabilities.pointer];
  runtime.run(Job.crossEntropy, runtime.threadsFor(EXPONENTIAL * rows * classes), [...pointers, rows, classes]);
  return [losses.info, probabilities.info];
}

export function softmaxCrossEntropyGrad(inputs: CrossEntropyGradInputs, memory: KernelMemory): TensorInfo {
  const { runtime } = memory;
  const [rows, classes] = inputs.probabilities.shape;
  const gradient = memory.allocate([rows, classes]);
  const pointers = [inputs.probabilities, inputs.targets, inputs.dLosses].map((tensor) => memory.pointerTo(tensor));
  runtime.run(Job.crossEntropyGradient, runtime.threadsFor(2 * MOVE * rows * classes), [
    ...pointers,
    gradient.pointer,
    rows,
    classes,
  ]);
  return gradient.info;
}

export function likeliest(
  { logits }: LikeliestInputs,
  { count }: LikeliestAttributes,
  memory: KernelMemory,
): TensorInfo[] {
  const { runtime } = memory;
  const [rows, classes] = logits.shape;
  const values = memory.allocate([rows, count]);
  const ids = memory.allocate([rows, count], 'int32');
  const threads = Math.min(rows, runtime.threadsFor(EXPONENTIAL * rows * classes));
  runtime.withScratch(runtime.kernels.likeliestScratch(threads), (scratch) => {
    const pointers = [memory.pointerTo(logits), values.pointer, ids.pointer];
    runtime.run(Job.likeliest, threads, [...pointers, rows, classes, count, scratch]);
  });
  return [values.info, ids.info];
}

export function embeddingLookup({ table, ids }: EmbeddingInputs, memory: KernelMemory): TensorInfo {
  const { runtime } = memory;
  const width = table.shape[1];
  const result = memory.allocate([...ids.shape, width]);
  const integers = [memory.pointerTo(table), memory.pointerTo(ids), result.pointer, ids.size, width];
  runtime.run(Job.embedding, runtime.threadsFor(MOVE * ids.size * width), integers);
  return result.info;
}

export function embeddingLookupGrad(
  { dy, ids }: EmbeddingGradInputs,
  { rows }: EmbeddingGradAttributes,
  memory: KernelMemory,
): TensorInfo {
  const { runtime } = memory;
  const width = dy.shape[2];
  const gradient = memory.allocate([rows, width]);
  const integers = [memory.pointerTo(dy), memory.pointerTo(ids), gradient.pointer, ids.size, width, rows];
  runtime.run(Job.embeddingGradient, runtime.threadsFor(MOVE * ids.size * width), integers);
  return gradient.info;
}

export function adamStep(
  { weights, m, v, gradient }: AdamInputs,
  attributes: AdamAttributes,
  memory: KernelMemory,
): TensorInfo[] {
  const { runtime } = memory;
  const { learningRate, beta1, beta2, epsilon, step, gradientScale } = attributes;
  const results = [weights, m, v].map(({ shape }) => memory.allocate([...shape]));
  const pointers = [
    ...[weights, m, v, gradient].map((tensor) => memory.pointerTo(tensor)),
    ...results.map(({ pointer }) => pointer),
  ];
  const numbers: Record<(typeof adamNumbers)[number], number> = {
    gradientScale,
    beta1,
    oneMinusBeta1: 1 - beta1,
    beta2,
    oneMinusBeta2: 1 - beta2,
    mCorrection: 1 / (1 - beta1 ** step),
    vCorrection: 1 / (1 - beta2 ** step),
    epsilon,
    learningRate,
  };
  const threads = runtime.threadsFor(adamTensors.length * MOVE * weights.size);
  const floats = adamNumbers.map((name) => numbers[name]);
  runtime.run(Job.adam, threads, [...pointers, weights.size], floats);
  return results.map(({ info }) => info);
}

/** Computed in JavaScript: only probes and inspections read activations, a few sequences at a time. */
export function gateActivations(
  { stored }: GateActivationsInputs,
  { isTanh }: GateActivationsAttributes,
  memory: KernelMemory,
): TensorInfo {
  const values = Float32Array.from(memory.readSync(stored.dataId) as Float32Array);
  const width = stored.shape.at(-1) ?? 0;
  const units = width / isTanh.length;
  isTanh.forEach((tanh, gate) => {
    for (let row = gate * units; row < values.length; row += width) {
      for (let at = row; at < row + units; at++) {
        const s = values[at]!;
        values[at] = tanh ? s / (1 + Math.abs(s)) : s > 0 ? 1 - s : -s;
      }
    }
  });
  return memory.makeTensorInfo(stored.shape, 'float32', values);
}

export function l2Norms(inputs: L2NormsInputs, memory: KernelMemory): TensorInfo {
  const tensors = Object.values(inputs);
  const sums: number[] = [];
  for (let first = 0; first < tensors.length; first += TENSORS_PER_JOB) {
    sums.push(...sumsOfSquares(tensors.slice(first, first + TENSORS_PER_JOB), memory));
  }
  const rows = sums.map((sum) => floatParts(Math.sqrt(sum)));
  return memory.makeTensorInfo([rows.length, 2], 'float32', Float32Array.from(rows.flat()));
}

function sumsOfSquares(tensors: readonly L2NormsInputs[string][], memory: KernelMemory): number[] {
  const { runtime } = memory;
  const threads = runtime.threadsFor(MOVE * tensors.reduce((sum, { size }) => sum + size, 0));
  runtime.run(Job.squares, threads, [
    tensors.length,
    ...tensors.flatMap((tensor) => [memory.pointerTo(tensor), tensor.size]),
  ]);
  const parts = runtime.partialSums(threads * tensors.length);
  return tensors.map((_, index) =>
    parts.subarray(index * threads, (index + 1) * threads).reduce((sum, part) => sum + part, 0),
  );
}

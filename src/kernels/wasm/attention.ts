import type { TensorInfo } from '@tensorflow/tfjs';
import type { AttentionGradInputs, AttentionInputs } from '../contract.ts';
import { Job } from './layout.ts';
import type { KernelMemory } from './memory.ts';

/** Global attention kernels in WebAssembly. */

/** Costs of a multiply-add outside a tile, and of a tanh with its gradient, in operations of a matrix product. */
const PRODUCT = 8;
const TANH = 100;

export function attention(
  { query, keys, values, lengths, score }: AttentionInputs,
  memory: KernelMemory,
): TensorInfo[] {
  const { runtime } = memory;
  const [timeSteps, batch, width] = query.shape;
  const [sourceSteps, , units] = values.shape;
  const context = memory.allocate([timeSteps, batch, units]);
  const weights = memory.allocate([timeSteps, batch, sourceSteps]);
  const pointers = [
    ...[query, keys, values, lengths].map((tensor) => memory.pointerTo(tensor)),
    score ? memory.pointerTo(score) : 0,
    context.pointer,
    weights.pointer,
  ];
  const threads = runtime.threadsFor(operations(query, values, score !== undefined));
  runtime.withScratch(runtime.kernels.attentionScratch(width, threads), (scratch) => {
    runtime.run(Job.attention, threads, [...pointers, timeSteps, batch, sourceSteps, width, units, scratch]);
  });
  return [context.info, weights.info];
}

export function attentionGrad(inputs: AttentionGradInputs, memory: KernelMemory): TensorInfo[] {
  const { runtime } = memory;
  const { query, keys, values, score, weights, dContext } = inputs;
  const [timeSteps, batch, width] = query.shape;
  const [sourceSteps, , units] = values.shape;
  const gradients = [query.shape, keys.shape, values.shape, [score ? width : 0]].map((shape) =>
    memory.allocate([...shape]),
  );
  const pointers = [
    ...[query, keys, values].map((tensor) => memory.pointerTo(tensor)),
    score ? memory.pointerTo(score) : 0,
    ...[weights, dContext].map((tensor) => memory.pointerTo(tensor)),
    ...gradients.map(({ pointer }) => pointer),
  ];
  const threads = runtime.threadsFor(2 * operations(query, values, score !== undefined));
  const bytes = runtime.kernels.attentionGradientScratch(batch, sourceSteps, width, threads);
  runtime.withScratch(bytes, (scratch) => {
    runtime.run(Job.attentionGradient, threads, [...pointers, timeSteps, batch, sourceSteps, width, units, scratch]);
  });
  return gradients.map(({ info }) => info);
}

/** Cost of the forward pass, in operations of a matrix product. */
function operations(query: AttentionInputs['query'], values: AttentionInputs['values'], additive: boolean): number {
  const [timeSteps, batch, width] = query.shape;
  const [sourceSteps, , units] = values.shape;
  return timeSteps * batch * sourceSteps * (width * (additive ? TANH : PRODUCT) + units * PRODUCT);
}

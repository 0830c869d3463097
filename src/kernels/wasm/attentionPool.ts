import type { TensorInfo } from '@tensorflow/tfjs';
import type { AttentionPoolGradInputs, AttentionPoolInputs } from '../contract.ts';
import { floats } from './floats.ts';
import type { KernelMemory } from './memory.ts';

/**
 * Attention pooling kernels as JavaScript loops over the kernel memory. They take negligible time compared with the
 * recurrent kernels whose outputs they read.
 */

export function attentionPool({ h, scores, lengths }: AttentionPoolInputs, memory: KernelMemory): TensorInfo[] {
  const [timeSteps, batch, width] = h.shape;
  const pooled = memory.allocate([batch, width]);
  const weights = memory.allocate([timeSteps, batch]);
  const read = (tensor: TensorInfo): Float32Array => floats(memory, memory.pointerTo(tensor), tensor.shape);
  const [states, score] = [read(h), read(scores)];
  const steps = memory.runtime.int32(memory.pointerTo(lengths), batch);
  const means = floats(memory, pooled.pointer, pooled.info.shape).fill(0);
  const shares = floats(memory, weights.pointer, weights.info.shape).fill(0);
  for (let b = 0; b < batch; b++) {
    const length = steps[b]!;
    let highest = -Infinity;
    for (let t = 0; t < length; t++) highest = Math.max(highest, score[t * batch + b]!);
    let sum = 0;
    for (let t = 0; t < length; t++) sum += Math.exp(score[t * batch + b]! - highest);
    for (let t = 0; t < length; t++) {
      const share = Math.exp(score[t * batch + b]! - highest) / sum;
      shares[t * batch + b] = share;
      const from = (t * batch + b) * width;
      const to = b * width;
      for (let k = 0; k < width; k++) means[to + k] = means[to + k]! + share * states[from + k]!;
    }
  }
  return [pooled.info, weights.info];
}

export function attentionPoolGrad(inputs: AttentionPoolGradInputs, memory: KernelMemory): TensorInfo[] {
  const [timeSteps, batch, width] = inputs.h.shape;
  const dh = memory.allocate([timeSteps, batch, width]);
  const dScores = memory.allocate([timeSteps, batch]);
  const read = (tensor: TensorInfo): Float32Array => floats(memory, memory.pointerTo(tensor), tensor.shape);
  const [h, pooled, weights, dPooled] = [
    read(inputs.h),
    read(inputs.pooled),
    read(inputs.weights),
    read(inputs.dPooled),
  ];
  const gradient = floats(memory, dh.pointer, dh.info.shape);
  const scoreGradient = floats(memory, dScores.pointer, dScores.info.shape);
  for (let row = 0; row < timeSteps * batch; row++) {
    const share = weights[row]!;
    const mean = (row % batch) * width;
    let along = 0;
    for (let k = 0; k < width; k++) {
      const d = dPooled[mean + k]!;
      along += (h[row * width + k]! - pooled[mean + k]!) * d;
      gradient[row * width + k] = share * d;
    }
    // Padding may hold any finite value; its weight of 0 excludes it.
    scoreGradient[row] = share * along;
  }
  return [dh.info, dScores.info];
}

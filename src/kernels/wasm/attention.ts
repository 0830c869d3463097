import type { TensorInfo } from '@tensorflow/tfjs';
import type { AttentionGradInputs, AttentionInputs } from '../contract.ts';
import { floats } from './floats.ts';
import type { KernelMemory } from './memory.ts';

/** Global attention kernels as JavaScript loops over the kernel memory, without transposes. */

export function attention(
  { query, keys, values, lengths, score }: AttentionInputs,
  memory: KernelMemory,
): TensorInfo[] {
  const [timeSteps, batch, width] = query.shape;
  const [sourceSteps, , units] = values.shape;
  const context = memory.allocate([timeSteps, batch, units]);
  const weights = memory.allocate([timeSteps, batch, sourceSteps]);
  const read = (tensor: TensorInfo): Float32Array => floats(memory, memory.pointerTo(tensor), tensor.shape);
  const [q, k, v, s] = [read(query), read(keys), read(values), score && read(score)];
  const steps = memory.runtime.int32(memory.pointerTo(lengths), batch);
  const means = floats(memory, context.pointer, context.info.shape).fill(0);
  const shares = floats(memory, weights.pointer, weights.info.shape).fill(0);
  for (let row = 0; row < timeSteps * batch; row++) {
    const b = row % batch;
    const length = steps[b]!;
    const at = row * sourceSteps;
    let highest = -Infinity;
    for (let t = 0; t < length; t++) {
      const from = (t * batch + b) * width;
      const value = s ? additiveScore(q, row * width, k, from, s) : product(q, row * width, k, from, width);
      shares[at + t] = value;
      if (value > highest) highest = value;
    }
    let sum = 0;
    for (let t = 0; t < length; t++) sum += shares[at + t] = Math.exp(shares[at + t]! - highest);
    for (let t = 0; t < length; t++) {
      const share = (shares[at + t] = shares[at + t]! / sum);
      addTimes(means, row * units, share, v, (t * batch + b) * units, units);
    }
  }
  return [context.info, weights.info];
}

export function attentionGrad(inputs: AttentionGradInputs, memory: KernelMemory): TensorInfo[] {
  const { query, keys, values, score } = inputs;
  const [timeSteps, batch, width] = query.shape;
  const [sourceSteps, , units] = values.shape;
  const gradients = [query, keys, values].map(({ shape }) => memory.allocate([...shape]));
  const dScore = memory.allocate([score ? width : 0]);
  const read = (tensor: TensorInfo): Float32Array => floats(memory, memory.pointerTo(tensor), tensor.shape);
  const [q, k, v, w, dc, s] = [
    read(query),
    read(keys),
    read(values),
    read(inputs.weights),
    read(inputs.dContext),
    score && read(score),
  ];
  const [dq, dk, dv, ds] = [...gradients, dScore].map(({ pointer, info }) =>
    floats(memory, pointer, info.shape).fill(0),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const dWeights = new Float64Array(sourceSteps);
  for (let row = 0; row < timeSteps * batch; row++) {
    const b = row % batch;
    let mean = 0;
    // Padding of a source has weight 0: it neither contributes to nor receives a gradient.
    for (let t = 0; t < sourceSteps; t++) {
      const share = w[row * sourceSteps + t]!;
      if (share === 0) continue;
      const from = (t * batch + b) * units;
      const slope = product(dc, row * units, v, from, units);
      dWeights[t] = slope;
      mean += share * slope;
      addTimes(dv, from, share, dc, row * units, units);
    }
    for (let t = 0; t < sourceSteps; t++) {
      const share = w[row * sourceSteps + t]!;
      if (share === 0) continue;
      const slope = share * (dWeights[t]! - mean);
      const [to, from] = [row * width, (t * batch + b) * width];
      if (s) {
        for (let at = 0; at < width; at++) {
          const sum = q[to + at]! + k[from + at]!;
          const decay = Math.exp(-2 * Math.abs(sum));
          const activated = (Math.sign(sum) * (1 - decay)) / (1 + decay);
          // 1 - tanh^2 without the difference, which is 0 for large sums.
          const d = (slope * s[at]! * (4 * decay)) / (1 + decay) ** 2;
          dq[to + at] = dq[to + at]! + d;
          dk[from + at] = dk[from + at]! + d;
          ds[at] = ds[at]! + slope * activated;
        }
      } else {
        addTimes(dq, to, slope, k, from, width);
        addTimes(dk, from, slope, q, to, width);
      }
    }
  }
  return [...gradients, dScore].map(({ info }) => info);
}

function product(a: Float32Array, atA: number, b: Float32Array, atB: number, width: number): number {
  let sum = 0;
  for (let at = 0; at < width; at++) sum += a[atA + at]! * b[atB + at]!;
  return sum;
}

function additiveScore(q: Float32Array, atQ: number, k: Float32Array, atK: number, score: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < score.length; at++) sum += score[at]! * Math.tanh(q[atQ + at]! + k[atK + at]!);
  return sum;
}

function addTimes(
  target: Float32Array,
  to: number,
  factor: number,
  values: Float32Array,
  from: number,
  width: number,
): void {
  for (let at = 0; at < width; at++) target[to + at] = target[to + at]! + factor * values[from + at]!;
}

import type { TensorInfo } from '@tensorflow/tfjs';
import type { MaskStepsInputs, MaxPoolGradAttributes, MaxPoolGradInputs, MaxPoolInputs } from '../contract.ts';
import type { KernelMemory } from './memory.ts';

/** Masking and max pooling of steps as JavaScript loops over the kernel memory, like attention pooling. */

export function maskSteps({ x, lengths }: MaskStepsInputs, memory: KernelMemory): TensorInfo {
  const [timeSteps, batch, width] = x.shape;
  const { runtime } = memory;
  const masked = memory.allocate([timeSteps, batch, width]);
  const size = timeSteps * batch * width;
  const values = runtime.float32(masked.pointer, size);
  values.set(runtime.float32(memory.pointerTo(x), size));
  const steps = runtime.int32(memory.pointerTo(lengths), batch);
  for (let b = 0; b < batch; b++) {
    for (let t = steps[b]!; t < timeSteps; t++) values.fill(0, (t * batch + b) * width, (t * batch + b + 1) * width);
  }
  return masked.info;
}

export function maxPool({ h, lengths }: MaxPoolInputs, memory: KernelMemory): TensorInfo[] {
  const [timeSteps, batch, width] = h.shape;
  const { runtime } = memory;
  const pooled = memory.allocate([batch, width]);
  const winners = new Int32Array(batch * width);
  const states = runtime.float32(memory.pointerTo(h), timeSteps * batch * width);
  const maxima = runtime.float32(pooled.pointer, batch * width).fill(-Infinity);
  const steps = runtime.int32(memory.pointerTo(lengths), batch);
  for (let b = 0; b < batch; b++) {
    const to = b * width;
    for (let t = 0; t < steps[b]!; t++) {
      const from = (t * batch + b) * width;
      for (let k = 0; k < width; k++) {
        const value = states[from + k]!;
        if (value <= maxima[to + k]!) continue;
        maxima[to + k] = value;
        winners[to + k] = t;
      }
    }
  }
  return [pooled.info, memory.makeTensorInfo([batch, width], 'int32', winners)];
}

export function maxPoolGrad(
  { steps, dPooled }: MaxPoolGradInputs,
  { timeSteps }: MaxPoolGradAttributes,
  memory: KernelMemory,
): TensorInfo {
  const [batch, width] = dPooled.shape;
  const { runtime } = memory;
  const dh = memory.allocate([timeSteps, batch, width]);
  const gradient = runtime.float32(dh.pointer, timeSteps * batch * width).fill(0);
  const winners = runtime.int32(memory.pointerTo(steps), batch * width);
  const byPooled = runtime.float32(memory.pointerTo(dPooled), batch * width);
  for (let at = 0; at < batch * width; at++) gradient[winners[at]! * batch * width + at] = byPooled[at]!;
  return dh.info;
}

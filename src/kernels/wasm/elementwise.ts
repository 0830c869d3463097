import type { TensorInfo } from '@tensorflow/tfjs';
import type { SequenceLabBackend } from './backend.ts';

/**
 * Sums and products of two tensors of one shape, in plain loops: the stock kernels call a function for each number,
 * which for the gradient of a large table takes longer than computing it. All else is left to them.
 */

type Inputs = Readonly<Record<string, TensorInfo | undefined>>;

export function addSameShape({ a, b }: Inputs, backend: SequenceLabBackend): TensorInfo | undefined {
  return ofSameShape(a, b, backend, (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = (left[k] as number) + (right[k] as number);
  });
}

export function multiplySameShape({ a, b }: Inputs, backend: SequenceLabBackend): TensorInfo | undefined {
  return ofSameShape(a, b, backend, (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = (left[k] as number) * (right[k] as number);
  });
}

function ofSameShape(
  a: TensorInfo | undefined,
  b: TensorInfo | undefined,
  backend: SequenceLabBackend,
  loop: (left: Float32Array, right: Float32Array, result: Float32Array) => void,
): TensorInfo | undefined {
  if (a?.dtype !== 'float32' || b?.dtype !== 'float32' || a.shape.join() !== b.shape.join()) return undefined;
  const size = a.shape.reduce((product, length) => product * length, 1);
  const { info, pointer } = backend.allocate([...a.shape]);
  const read = (at: number): Float32Array => backend.machine.float32(at, size);
  const [left, right] = [backend.pointerTo(a), backend.pointerTo(b)];
  loop(read(left), read(right), read(pointer));
  return info;
}

import type { TensorInfo } from '@tensorflow/tfjs';
import type { SequenceLabBackend } from './backend.ts';

/**
 * Arithmetic on two tensors of one shape, or on one and a single number, in plain loops: the stock kernels call a
 * function for each number, which for the gradient of a large table takes longer than computing it. All else is left to
 * them.
 */

type Inputs = Readonly<Record<string, TensorInfo | undefined>>;

interface Arithmetic {
  readonly ofBoth: (left: Float32Array, right: Float32Array, result: Float32Array) => void;
  readonly withNumber: (left: Float32Array, right: number, result: Float32Array) => void;
}

export const add = arithmetic({
  ofBoth: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left[k]! + right[k]!;
  },
  withNumber: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left[k]! + right;
  },
});

export const subtract = arithmetic({
  ofBoth: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left[k]! - right[k]!;
  },
  withNumber: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left[k]! - right;
  },
});

export const multiply = arithmetic({
  ofBoth: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left[k]! * right[k]!;
  },
  withNumber: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left[k]! * right;
  },
});

export const divide = arithmetic({
  ofBoth: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left[k]! / right[k]!;
  },
  withNumber: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left[k]! / right;
  },
});

function arithmetic({ ofBoth, withNumber }: Arithmetic) {
  return ({ a, b }: Inputs, backend: SequenceLabBackend): TensorInfo | undefined => {
    if (a?.dtype !== 'float32' || b?.dtype !== 'float32') return undefined;
    const isNumber = b.shape.length === 0;
    if (!isNumber && a.shape.join() !== b.shape.join()) return undefined;
    const size = a.shape.reduce((product, length) => product * length, 1);
    const { info, pointer } = backend.allocate([...a.shape]);
    const read = (at: number, count: number): Float32Array => backend.runtime.float32(at, count);
    const [left, right] = [backend.pointerTo(a), backend.pointerTo(b)];
    if (isNumber) withNumber(read(left, size), read(right, 1)[0]!, read(pointer, size));
    else ofBoth(read(left, size), read(right, size), read(pointer, size));
    return info;
  };
}

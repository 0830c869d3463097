import type { TensorInfo } from '@tensorflow/tfjs';
import type { SequenceLabBackend } from './backend.ts';

/**
 * Arithmetic on two tensors of the same shape, or on a tensor and a scalar, as plain loops. The stock kernels call a
 * function per number, which takes longer for the gradient of a large table than computing that gradient. They handle
 * all other cases.
 */

type Inputs = Readonly<Record<string, TensorInfo | undefined>>;

interface Arithmetic {
  readonly withTensor: (left: Float32Array, right: Float32Array, result: Float32Array) => void;
  readonly withScalar: (left: Float32Array, right: number, result: Float32Array) => void;
}

export const add = arithmetic({
  withTensor: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left[k]! + right[k]!;
  },
  withScalar: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left[k]! + right;
  },
});

export const subtract = arithmetic({
  withTensor: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left[k]! - right[k]!;
  },
  withScalar: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left[k]! - right;
  },
});

export const multiply = arithmetic({
  withTensor: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left[k]! * right[k]!;
  },
  withScalar: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left[k]! * right;
  },
});

export const divide = arithmetic({
  withTensor: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left[k]! / right[k]!;
  },
  withScalar: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left[k]! / right;
  },
});

function arithmetic({ withTensor, withScalar }: Arithmetic) {
  return ({ a, b }: Inputs, backend: SequenceLabBackend): TensorInfo | undefined => {
    if (a?.dtype !== 'float32' || b?.dtype !== 'float32') return undefined;
    const isScalar = b.shape.length === 0;
    if (!isScalar && a.shape.join() !== b.shape.join()) return undefined;
    const size = a.shape.reduce((product, length) => product * length, 1);
    const { info, pointer } = backend.allocate([...a.shape]);
    const read = (at: number, count: number): Float32Array => backend.runtime.float32(at, count);
    const [left, right] = [backend.pointerTo(a), backend.pointerTo(b)];
    if (isScalar) withScalar(read(left, size), read(right, 1)[0]!, read(pointer, size));
    else withTensor(read(left, size), read(right, size), read(pointer, size));
    return info;
  };
}

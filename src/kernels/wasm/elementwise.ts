import type { TensorInfo } from '@tensorflow/tfjs';
import type { SequenceLabBackend } from './backend.ts';
import { floats } from './floats.ts';

/**
 * Arithmetic on two tensors of the same shape, or on a tensor and a scalar, as plain loops. The stock kernels call a
 * function per number, which takes longer for the gradient of a large table than computing that gradient. They handle
 * all other cases.
 */

type Inputs = Readonly<Record<string, TensorInfo | undefined>>;

interface Arithmetic {
  readonly withTensor: (left: Float32Array, right: Float32Array, result: Float32Array) => void;
  readonly withScalar: (left: Float32Array, right: number, result: Float32Array) => void;
  /** Arithmetic on a scalar and a tensor, where it differs from that on a tensor and a scalar. */
  readonly fromScalar?: (left: number, right: Float32Array, result: Float32Array) => void;
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
  fromScalar: (left, right, result) => {
    for (let k = 0; k < result.length; k++) result[k] = left - right[k]!;
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

/** `Square` of float32. */
export function square({ x }: Inputs, backend: SequenceLabBackend): TensorInfo | undefined {
  if (x?.dtype !== 'float32') return undefined;
  const { info, pointer } = backend.allocate([...x.shape]);
  const values = floats(backend, backend.pointerTo(x), x.shape);
  const result = floats(backend, pointer, x.shape);
  for (let k = 0; k < result.length; k++) result[k] = values[k]! * values[k]!;
  return info;
}

function arithmetic({ withTensor, withScalar, fromScalar }: Arithmetic) {
  return ({ a, b }: Inputs, backend: SequenceLabBackend): TensorInfo | undefined => {
    if (a?.dtype !== 'float32' || b?.dtype !== 'float32') return undefined;
    const isScalar = b.shape.length === 0;
    const startsWithScalar = a.shape.length === 0 && !isScalar && fromScalar !== undefined;
    if (!isScalar && !startsWithScalar && a.shape.join() !== b.shape.join()) return undefined;
    const shape = startsWithScalar ? b.shape : a.shape;
    const { info, pointer } = backend.allocate([...shape]);
    const [left, right] = [a, b].map((tensor) => floats(backend, backend.pointerTo(tensor), tensor.shape)) as [
      Float32Array,
      Float32Array,
    ];
    const result = floats(backend, pointer, shape);
    if (startsWithScalar) fromScalar(left[0]!, right, result);
    else if (isScalar) withScalar(left, right[0]!, result);
    else withTensor(left, right, result);
    return info;
  };
}

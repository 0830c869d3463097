import { type NamedAttrMap, slice_util, type Tensor, type TensorInfo } from '@tensorflow/tfjs';
import type { SequenceLabBackend } from './backend.ts';
import { floats } from './floats.ts';
import { Job } from './layout.ts';
import type { KernelMemory } from './memory.ts';

/**
 * Replacements for the stock ops that take the most time around the recurrent kernels. Each returns undefined for the
 * cases that it leaves to the stock kernel.
 */

/** Costs of moving a number through memory and of a tanh, in operations of a matrix product. */
const MOVE = 10;
const TANH = 100;

type Inputs = Readonly<Record<string, TensorInfo | undefined>>;

/** `BatchMatMul` and `_FusedMatMul` of two matrices, with an optional bias and no activation. */
export function matMul(
  { a, b, bias, preluActivationWeights }: Inputs,
  attributes: NamedAttrMap,
  backend: SequenceLabBackend,
): TensorInfo | undefined {
  const { transposeA, transposeB, activation } = attributes as {
    transposeA?: boolean;
    transposeB?: boolean;
    activation?: string;
  };
  if (!isMatrix(a) || !isMatrix(b) || preluActivationWeights || (activation ?? 'linear') !== 'linear') return undefined;
  const [rows, depth] = transposeA ? [a.shape[1], a.shape[0]] : [a.shape[0], a.shape[1]];
  const columns = transposeB ? b.shape[0] : b.shape[1];
  if (bias && !(isVector(bias) && bias.shape[0] === columns)) return undefined;
  const { runtime } = backend;
  const product = backend.allocate([rows, columns]);
  const threads = runtime.threadsFor(2 * rows * depth * columns);
  runtime.withScratch(runtime.kernels.matMulScratch(rows, depth, columns, Number(transposeA), threads), (scratch) => {
    runtime.run(Job.matMul, threads, [
      backend.pointerTo(a),
      Number(transposeA),
      backend.pointerTo(b),
      Number(transposeB),
      bias ? backend.pointerTo(bias) : 0,
      product.pointer,
      rows,
      depth,
      columns,
      scratch,
    ]);
  });
  return product.info;
}

/** `Add` of a vector to every row of a matrix. */
export function addBias(
  { a, b }: Inputs,
  _attributes: NamedAttrMap,
  backend: SequenceLabBackend,
): TensorInfo | undefined {
  if (!isMatrix(a) || !isVector(b) || a.shape[1] !== b.shape[0]) return undefined;
  const { runtime } = backend;
  const [rows, columns] = a.shape;
  const sum = backend.allocate([rows, columns]);
  runtime.run(Job.addBias, runtime.threadsFor(2 * MOVE * rows * columns), [
    backend.pointerTo(a),
    backend.pointerTo(b),
    sum.pointer,
    rows,
    columns,
  ]);
  return sum.info;
}

/** `Sum` of the columns of a matrix. */
export function sumColumns(
  { x }: Inputs,
  attributes: NamedAttrMap,
  backend: SequenceLabBackend,
): TensorInfo | undefined {
  const { axis, keepDims } = attributes as { axis: number | number[]; keepDims: boolean };
  if (!isMatrix(x) || keepDims || String(axis) !== '0') return undefined;
  const { runtime } = backend;
  const [rows, columns] = x.shape;
  const sums = backend.allocate([columns]);
  runtime.run(Job.sumColumns, runtime.threadsFor(MOVE * rows * columns), [
    backend.pointerTo(x),
    sums.pointer,
    rows,
    columns,
  ]);
  return sums.info;
}

/**
 * `Slice` of float32, which copies contiguous runs of the innermost axes. The stock kernel computes the index of every
 * number, which is slow where gradients of concatenations are split.
 */
export function sliceBlocks({ x }: Inputs, attributes: NamedAttrMap, memory: KernelMemory): TensorInfo | undefined {
  if (x?.dtype !== 'float32' || x.shape.length === 0) return undefined;
  const { begin, size } = attributes as { begin: number | number[]; size?: number | number[] };
  const [starts = [], lengths = []] = slice_util.parseSliceParams(x, begin, size);
  slice_util.assertParamsValid(x as Tensor, starts, lengths);
  const slice = memory.allocate([...lengths]);
  const count = lengths.reduce((product, length) => product * length, 1);
  if (count === 0) return slice.info;
  // The innermost axes that are not cut, together with the next outer axis, are contiguous.
  let inner = x.shape.length - 1;
  let run = lengths[inner]!;
  while (inner > 0 && lengths[inner] === x.shape[inner]) run *= lengths[--inner]!;
  const strides = x.shape.map((_, axis) => x.shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const values = floats(memory, memory.pointerTo(x), x.shape);
  const target = memory.runtime.float32(slice.pointer, count);
  const place = starts.slice(0, inner).map(() => 0);
  const first = starts[inner]! * strides[inner]!;
  for (let to = 0; to < count; to += run) {
    const from = place.reduce((sum, at, axis) => sum + (at + starts[axis]!) * strides[axis]!, first);
    target.set(values.subarray(from, from + run), to);
    for (let axis = inner - 1; axis >= 0; axis--) {
      place[axis] = place[axis]! + 1;
      if (place[axis]! < lengths[axis]!) break;
      place[axis] = 0;
    }
  }
  return slice.info;
}

/**
 * `PadV2` of float32, the gradient of a slice, which copies contiguous runs. The stock kernel computes the index of every
 * number.
 */
export function padBlocks({ x }: Inputs, attributes: NamedAttrMap, memory: KernelMemory): TensorInfo | undefined {
  if (x?.dtype !== 'float32' || x.shape.length === 0) return undefined;
  const { paddings, constantValue } = attributes as { paddings: [number, number][]; constantValue: number };
  const shape = x.shape.map((length, axis) => length + paddings[axis]![0] + paddings[axis]![1]);
  const padded = memory.allocate(shape);
  const target = floats(memory, padded.pointer, shape).fill(constantValue);
  const values = floats(memory, memory.pointerTo(x), x.shape);
  if (values.length === 0) return padded.info;
  // The innermost axes without padding, together with the next outer axis, are contiguous.
  let inner = shape.length - 1;
  while (inner > 0 && shape[inner] === x.shape[inner]) inner--;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const run = x.shape[inner]! * strides[inner]!;
  for (let from = 0, row = 0; from < values.length; from += run, row++) {
    let to = paddings[inner]![0] * strides[inner]!;
    for (let axis = inner - 1, rest = row; axis >= 0; axis--) {
      to += ((rest % x.shape[axis]!) + paddings[axis]![0]) * strides[axis]!;
      rest = Math.floor(rest / x.shape[axis]!);
    }
    target.set(values.subarray(from, from + run), to);
  }
  return padded.info;
}

/** `Transpose` of a matrix of float32. */
export function transpose({ x }: Inputs, { perm }: NamedAttrMap, backend: SequenceLabBackend): TensorInfo | undefined {
  if (!isMatrix(x) || (perm as number[]).join() !== '1,0') return undefined;
  const { runtime } = backend;
  const [rows, columns] = x.shape;
  const result = backend.allocate([columns, rows]);
  const pointers = [backend.pointerTo(x), result.pointer];
  runtime.run(Job.transpose, runtime.threadsFor(MOVE * rows * columns), [...pointers, rows, columns]);
  return result.info;
}

/** `Tanh` of float32. */
export function tanh({ x }: Inputs, _attributes: NamedAttrMap, backend: SequenceLabBackend): TensorInfo | undefined {
  if (x?.dtype !== 'float32') return undefined;
  const { runtime } = backend;
  const size = x.shape.reduce((product, length) => product * length, 1);
  const result = backend.allocate([...x.shape]);
  runtime.run(Job.tanh, runtime.threadsFor(TANH * size), [backend.pointerTo(x), result.pointer, size]);
  return result.info;
}

/** `SplitV` of float32, which splits the gradient of a concatenation. */
export function splitBlocks(
  { x }: Inputs,
  attributes: NamedAttrMap,
  backend: SequenceLabBackend,
): TensorInfo[] | undefined {
  const { numOrSizeSplits, axis = 0 } = attributes as { numOrSizeSplits: number | number[]; axis?: number };
  if (x?.dtype !== 'float32' || !Array.isArray(numOrSizeSplits) || axis < 0 || numOrSizeSplits.includes(-1))
    return undefined;
  let start = 0;
  const slices = numOrSizeSplits.map((length) => {
    const begin = x.shape.map((_, at) => (at === axis ? start : 0));
    const size = x.shape.map((full, at) => (at === axis ? length : full));
    start += length;
    return sliceBlocks({ x }, { begin, size }, backend);
  });
  return slices.filter((slice) => slice !== undefined);
}

/**
 * `Cast` to float32. The stock kernel keeps integers and booleans in their typed arrays, which the kernels would
 * interpret as floats.
 */
export function castToFloat(
  { x }: Inputs,
  { dtype }: NamedAttrMap,
  backend: SequenceLabBackend,
): TensorInfo | undefined {
  if (dtype !== 'float32' || (x?.dtype !== 'int32' && x?.dtype !== 'bool')) return undefined;
  return backend.makeTensorInfo(
    x.shape,
    'float32',
    Float32Array.from(backend.data.get(x.dataId).values as Int32Array | Uint8Array),
  );
}

function isMatrix(tensor: TensorInfo | undefined): tensor is TensorInfo & { shape: [number, number] } {
  return tensor?.dtype === 'float32' && tensor.shape.length === 2;
}

function isVector(tensor: TensorInfo | undefined): tensor is TensorInfo & { shape: [number] } {
  return tensor?.dtype === 'float32' && tensor.shape.length === 1;
}

import { type NamedAttrMap, slice_util, type Tensor, type TensorInfo } from '@tensorflow/tfjs';
import type { SequenceLabBackend } from './backend.ts';
import { Job } from './jobs.ts';

/** Stock ops that take most of the time around the recurrent kernels. Each gives undefined for what it leaves to the stock kernel. */

/** Operations of a matrix product that take as long as moving a number through memory. */
const MOVE = 10;

type Inputs = Readonly<Record<string, TensorInfo | undefined>>;

/** `BatchMatMul` and `_FusedMatMul` of two matrices, with an optional bias and no activation. */
export function matMul({ a, b, bias, preluActivationWeights }: Inputs, attributes: NamedAttrMap, backend: SequenceLabBackend): TensorInfo | undefined {
  const { transposeA, transposeB, activation } = attributes as { transposeA?: boolean; transposeB?: boolean; activation?: string };
  if (!isMatrix(a) || !isMatrix(b) || preluActivationWeights || (activation ?? 'linear') !== 'linear') return undefined;
  const [rows, depth] = transposeA ? [a.shape[1], a.shape[0]] : [a.shape[0], a.shape[1]];
  const columns = transposeB ? b.shape[0] : b.shape[1];
  if (bias && !(isVector(bias) && bias.shape[0] === columns)) return undefined;
  const { machine } = backend;
  const product = backend.allocate([rows, columns]);
  const threads = machine.threadsFor(2 * rows * depth * columns);
  machine.withScratch(machine.kernels.matMulScratch(rows, depth, columns, Number(transposeA), threads), (scratch) => {
    machine.run(Job.matMul, threads, [
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
export function addBias({ a, b }: Inputs, _attributes: NamedAttrMap, backend: SequenceLabBackend): TensorInfo | undefined {
  if (!isMatrix(a) || !isVector(b) || a.shape[1] !== b.shape[0]) return undefined;
  const { machine } = backend;
  const [rows, columns] = a.shape;
  const sum = backend.allocate([rows, columns]);
  machine.run(Job.addBias, machine.threadsFor(2 * MOVE * rows * columns), [
    backend.pointerTo(a),
    backend.pointerTo(b),
    sum.pointer,
    rows,
    columns,
  ]);
  return sum.info;
}

/** `Sum` of the columns of a matrix. */
export function sumColumns({ x }: Inputs, attributes: NamedAttrMap, backend: SequenceLabBackend): TensorInfo | undefined {
  const { axis, keepDims } = attributes as { axis: number | number[]; keepDims: boolean };
  if (!isMatrix(x) || keepDims || String(axis) !== '0') return undefined;
  const { machine } = backend;
  const [rows, columns] = x.shape;
  const sums = backend.allocate([columns]);
  machine.run(Job.sumColumns, machine.threadsFor(MOVE * rows * columns), [backend.pointerTo(x), sums.pointer, rows, columns]);
  return sums.info;
}

/** `Slice` of whole rows: the result is born in the kernels' memory, where the state of the next window is looked for. */
export function sliceRows({ x }: Inputs, attributes: NamedAttrMap, backend: SequenceLabBackend): TensorInfo | undefined {
  if (x?.dtype !== 'float32' || x.shape.length === 0) return undefined;
  const { begin, size } = attributes as { begin: number | number[]; size?: number | number[] };
  const [starts = [], lengths = []] = slice_util.parseSliceParams(x, begin, size);
  slice_util.assertParamsValid(x as Tensor, starts, lengths);
  if (!x.shape.every((length, axis) => axis === 0 || lengths[axis] === length)) return undefined;
  const [first = 0] = starts;
  const [count = 0, ...rest] = lengths;
  const width = rest.reduce((product, length) => product * length, 1);
  const slice = backend.allocate([count, ...rest]);
  const values = backend.data.get(x.dataId).values as Float32Array;
  backend.machine.float32(slice.pointer, count * width).set(values.subarray(first * width, (first + count) * width));
  return slice.info;
}

/** `Cast` to float32: the stock kernel leaves integers and booleans as they are, which the kernels would take for floats. */
export function castToFloat({ x }: Inputs, { dtype }: NamedAttrMap, backend: SequenceLabBackend): TensorInfo | undefined {
  if (dtype !== 'float32' || (x?.dtype !== 'int32' && x?.dtype !== 'bool')) return undefined;
  return backend.makeTensorInfo(x.shape, 'float32', Float32Array.from(backend.data.get(x.dataId).values as Int32Array | Uint8Array));
}

function isMatrix(tensor: TensorInfo | undefined): tensor is TensorInfo & { shape: [number, number] } {
  return tensor?.dtype === 'float32' && tensor.shape.length === 2;
}

function isVector(tensor: TensorInfo | undefined): tensor is TensorInfo & { shape: [number] } {
  return tensor?.dtype === 'float32' && tensor.shape.length === 1;
}

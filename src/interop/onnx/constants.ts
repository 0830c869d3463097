import { joinBytes } from '../../format/bytes.ts';
import { intsOf } from '../../format/protobufReader.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { multiplyInto } from '../arrays.ts';
import { type FloatType, floatTypes } from '../floatTypes.ts';
import type { ReadModel, TensorMessage } from './readModel.ts';

/** A tensor whose values are known: float32, or integers and flags as float64. */
export interface Constant {
  readonly dims: readonly number[];
  readonly values: Float32Array | Float64Array;
}

/** A constant that cannot be computed; its node is then not understood. */
export class Unfoldable extends Error {
  override readonly name = 'Unfoldable';
}

/** Most bytes of a constant that is computed from others. */
const MOST_BYTES = 400_000_000;
/** Most products of numbers that all products of matrices in a graph take. */
const MOST_PRODUCTS = 1_000_000_000;

/** What may still be computed of the constants of a graph. */
export class Budget {
  #products = MOST_PRODUCTS;

  /** @throws Unfoldable if it is used up */
  take(products: number): void {
    if (!(products <= this.#products)) throw new Unfoldable();
    this.#products -= products;
  }
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}

/** Number of the field of a tensor with its floats, by the number of its type of elements. */
const FLOATS: ReadonlyMap<number, { readonly type: FloatType; readonly field: number }> = new Map([
  [1, { type: 'float32', field: 4 }],
  [10, { type: 'float16', field: 5 }],
  [11, { type: 'float64', field: 10 }],
  [16, { type: 'bfloat16', field: 5 }],
]);

interface IntegerType {
  readonly bytesPerValue: number;
  readonly field: number;
  readonly read: (view: DataView, offset: number) => number;
}

/** Types of integers and of flags by their numbers. */
const INTEGERS: ReadonlyMap<number, IntegerType> = new Map([
  [2, { bytesPerValue: 1, field: 5, read: (view, at) => view.getUint8(at) }],
  [3, { bytesPerValue: 1, field: 5, read: (view, at) => view.getInt8(at) }],
  [4, { bytesPerValue: 2, field: 5, read: (view, at) => view.getUint16(at, true) }],
  [5, { bytesPerValue: 2, field: 5, read: (view, at) => view.getInt16(at, true) }],
  [6, { bytesPerValue: 4, field: 5, read: (view, at) => view.getInt32(at, true) }],
  [7, { bytesPerValue: 8, field: 7, read: (view, at) => Number(view.getBigInt64(at, true)) }],
  [9, { bytesPerValue: 1, field: 5, read: (view, at) => view.getUint8(at) }],
  [12, { bytesPerValue: 4, field: 11, read: (view, at) => view.getUint32(at, true) }],
  [13, { bytesPerValue: 8, field: 11, read: (view, at) => Number(view.getBigUint64(at, true)) }],
]);

/** Reads the tensors of a file. */
export class TensorReader {
  readonly #name: string;
  readonly #neighbors: ReadonlyMap<string, Uint8Array>;

  /** @param name name of the file, for errors @param neighbors files next to it that its tensors name */
  constructor(name: string, neighbors: ReadonlyMap<string, Uint8Array>) {
    this.#name = name;
    this.#neighbors = neighbors;
  }

  /** @throws UnusableError for a shape that does not fit the values, another type, and values outside of their file */
  read(tensor: TensorMessage): Constant {
    const { dims, type } = tensor;
    const count = product(dims);
    if (!dims.every((size) => Number.isSafeInteger(size) && size >= 0) || !Number.isSafeInteger(count))
      this.#refuse(tensor, phrase('it has the shape [{0}]', dims.join(', ')));
    if (tensor.fields.has(3)) this.#refuse(tensor, phrase('it is a part of a tensor'));
    const float = FLOATS.get(type);
    if (float) return { dims, values: this.#floats(tensor, float, count) };
    const integer = INTEGERS.get(type);
    if (!integer) this.#refuse(tensor, phrase('its values have the type {0}, which is not one of numbers', type));
    return { dims, values: this.#integers(tensor, integer, count) };
  }

  #floats(tensor: TensorMessage, { type, field }: { type: FloatType; field: number }, count: number): Float32Array {
    const { bytesPerValue, read } = floatTypes[type];
    const given = this.#bytes(tensor) ?? fieldBytes(tensor, field, type);
    if (given.length !== count * bytesPerValue) this.#refuseLength(tensor, given.length, count * bytesPerValue);
    return read(given);
  }

  #integers(tensor: TensorMessage, { bytesPerValue, field, read }: IntegerType, count: number): Float64Array {
    const given = this.#bytes(tensor);
    if (!given) {
      const values = (tensor.fields.get(field) ?? []).flatMap(intsOf);
      if (values.length !== count) this.#refuseLength(tensor, values.length, count);
      return Float64Array.from(values);
    }
    if (given.length !== count * bytesPerValue) this.#refuseLength(tensor, given.length, count * bytesPerValue);
    const view = new DataView(given.buffer, given.byteOffset, given.byteLength);
    return Float64Array.from({ length: count }, (_, at) => read(view, at * bytesPerValue));
  }

  #bytes(tensor: TensorMessage): Uint8Array | undefined {
    const { external, raw } = tensor;
    if (!external) return raw;
    const location = external.get('location') ?? '';
    const file = this.#neighbors.get(location);
    if (!file) this.#refuse(tensor, phrase('its values are in "{0}", which is not next to it', location));
    const [offset, length] = [Number(external.get('offset') ?? 0), Number(external.get('length') ?? file.length)];
    const isWhole = [offset, length].every((size) => Number.isSafeInteger(size) && size >= 0);
    const end = external.has('length') ? offset + length : file.length;
    if (!isWhole || offset > file.length || end > file.length)
      this.#refuse(tensor, phrase('its values are outside of "{0}"', location));
    return file.subarray(offset, end);
  }

  #refuse({ name }: TensorMessage, reason: Text): never {
    throw new UnusableError(phrase('"{0}" has a tensor "{1}" that cannot be read: {2}.', this.#name, name, reason));
  }

  #refuseLength(tensor: TensorMessage, found: number, needed: number): never {
    this.#refuse(tensor, phrase('it has {0} bytes or numbers, and its shape needs {1}', found, needed));
  }
}

/** Floats that are no raw bytes: those of half the size are in integers. */
function fieldBytes({ fields }: TensorMessage, field: number, type: FloatType): Uint8Array {
  const found = fields.get(field) ?? [];
  if (type === 'float32' || type === 'float64') return joinBytes(found.map(({ bytes }) => bytes));
  return new Uint8Array(Uint16Array.from(found.flatMap(intsOf)).buffer);
}

/** Files with the values of tensors that lie next to a model, by their names. */
export function externalFiles({ initializers, nodes }: ReadModel): Set<string> {
  const tensors = [...initializers.values(), ...nodes.flatMap(({ attributes }) => tensorsIn(attributes.values()))];
  return new Set(tensors.flatMap(({ external }) => (external ? [external.get('location') ?? ''] : [])));
}

function tensorsIn(attributes: Iterable<{ readonly tensor: TensorMessage | undefined }>): TensorMessage[] {
  return [...attributes].flatMap(({ tensor }) => (tensor ? [tensor] : []));
}

/** Strides of a row-major tensor. */
function strides(dims: readonly number[]): number[] {
  return dims.map((_, axis) => product(dims.slice(axis + 1)));
}

function emptyLike(values: Constant['values'], length: number): Constant['values'] {
  if (length * values.BYTES_PER_ELEMENT > MOST_BYTES) throw new Unfoldable();
  return values instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}

/** A view of a constant, as a constant: the element at an index of `dims` is at `offset` plus the index times `steps`. */
function viewed(
  { values }: Constant,
  {
    dims,
    steps,
    offset,
  }: { readonly dims: readonly number[]; readonly steps: readonly number[]; readonly offset: number },
): Constant {
  const count = product(dims);
  const result = emptyLike(values, count);
  const index = new Array<number>(dims.length).fill(0);
  let from = offset;
  for (let place = 0; place < count; place++) {
    result[place] = values[from]!;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      from += steps[axis]!;
      if (index[axis]! < dims[axis]!) break;
      from -= steps[axis]! * dims[axis]!;
      index[axis] = 0;
    }
  }
  return { dims, values: result };
}

export function transposedConstant(constant: Constant, permutation: readonly number[]): Constant {
  const own = strides(constant.dims);
  return viewed(constant, {
    dims: permutation.map((axis) => constant.dims[axis]!),
    steps: permutation.map((axis) => own[axis]!),
    offset: 0,
  });
}

/** A part of a constant along one axis: `length` elements from `start`, `step` apart. */
export function slicedConstant(
  constant: Constant,
  {
    axis,
    start,
    step,
    length,
  }: { readonly axis: number; readonly start: number; readonly step: number; readonly length: number },
): Constant {
  const own = strides(constant.dims);
  return viewed(constant, {
    dims: constant.dims.map((size, place) => (place === axis ? length : size)),
    steps: own.map((stride, place) => (place === axis ? stride * step : stride)),
    offset: start * own[axis]!,
  });
}

export function gatheredConstant(constant: Constant, indices: Constant, axis: number): Constant {
  const { dims, values } = constant;
  const [before, size, inner] = [product(dims.slice(0, axis)), dims[axis]!, product(dims.slice(axis + 1))];
  const result = emptyLike(values, before * indices.values.length * inner);
  let to = 0;
  for (let outer = 0; outer < before; outer++)
    for (const index of indices.values) {
      const own = index < 0 ? index + size : index;
      if (!(own >= 0 && own < size)) throw new Unfoldable();
      const from = (outer * size + own) * inner;
      result.set(values.subarray(from, from + inner), to);
      to += inner;
    }
  return { dims: [...dims.slice(0, axis), ...indices.dims, ...dims.slice(axis + 1)], values: result };
}

export function joinedConstants(constants: readonly Constant[], axis: number): Constant {
  const [first] = constants;
  const fits = constants.every(
    ({ dims }) =>
      dims.length === first!.dims.length && dims.every((size, at) => at === axis || size === first!.dims[at]),
  );
  if (!fits) throw new Unfoldable();
  const outer = product(first!.dims.slice(0, axis));
  const rows = constants.map(({ dims }) => product(dims.slice(axis)));
  const result = emptyLike(first!.values, outer * rows.reduce((sum, size) => sum + size, 0));
  let to = 0;
  for (let row = 0; row < outer; row++)
    constants.forEach(({ values }, part) => {
      const size = rows[part]!;
      result.set(values.subarray(row * size, (row + 1) * size), to);
      to += size;
    });
  const along = constants.reduce((sum, { dims }) => sum + dims[axis]!, 0);
  return { dims: first!.dims.map((size, at) => (at === axis ? along : size)), values: result };
}

/** Applies an operation to two constants element by element; sizes of 1 are repeated. */
export function combined(left: Constant, right: Constant, operation: (a: number, b: number) => number): Constant {
  const rank = Math.max(left.dims.length, right.dims.length);
  const padded = ({ dims }: Constant) => [...new Array<number>(rank - dims.length).fill(1), ...dims];
  const [a, b] = [padded(left), padded(right)];
  const dims = a.map((size, axis) => {
    const other = b[axis]!;
    if (size !== other && size !== 1 && other !== 1) throw new Unfoldable();
    return size === 1 ? other : size;
  });
  const expanded = (constant: Constant, own: readonly number[]) =>
    viewed(constant, { dims, steps: strides(own).map((stride, axis) => (own[axis] === 1 ? 0 : stride)), offset: 0 })
      .values;
  const [first, second] = [expanded(left, a), expanded(right, b)];
  const isFloat = first instanceof Float32Array || second instanceof Float32Array;
  const values = emptyLike(isFloat ? new Float32Array() : new Float64Array(), first.length);
  for (let at = 0; at < values.length; at++) values[at] = operation(first[at]!, second[at]!);
  return { dims, values };
}

/** The product of two matrices. */
export function multiplied(left: Constant, right: Constant, budget: Budget): Constant {
  const [rows = 0, inner = 0] = left.dims;
  const [depth = 0, columns = 0] = right.dims;
  if (left.dims.length !== 2 || right.dims.length !== 2 || inner !== depth) throw new Unfoldable();
  budget.take(rows * inner * columns);
  const values = emptyLike(left.values, rows * columns);
  multiplyInto(values, left.values, right.values, { rows, inner, columns });
  return { dims: [rows, columns], values };
}

/** The one value that a constant has everywhere; undefined for others. */
export function uniform({ values }: Constant): number | undefined {
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
}

export function scalar(value: number): Constant {
  return { dims: [], values: Float64Array.of(value) };
}

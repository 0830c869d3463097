import type { NamedTensor } from '../../models/weights.ts';
import { storedZip } from '../../format/storedZip.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { MOST_AXES } from '../arrays.ts';
import { type FloatType, floatTypes } from '../floatTypes.ts';
import { isZip } from '../../zip/directory.ts';
import { unzip } from '../zip.ts';
import { type PickleDict, type PickleFunction, type PickleValue, readPickle } from './pickle.ts';
import { pickledStateDict } from './pickleWriter.ts';

/** Files of `torch.save`: a ZIP archive with a pickle and the values of each tensor. */

/** Types of values by the names of their storages. Others, such as counters, are no weights. */
const STORAGES: Readonly<Record<string, FloatType | undefined>> = {
  FloatStorage: 'float32',
  DoubleStorage: 'float64',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: undefined,
  IntStorage: undefined,
  ShortStorage: undefined,
  CharStorage: undefined,
  ByteStorage: undefined,
  BoolStorage: undefined,
};

interface Storage {
  readonly type: FloatType | undefined;
  readonly key: string;
}

/** A tensor whose values are still in the archive. */
class StoredTensor {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** The class of the values of a tensor, which a pickle names but may not call. */
class StorageType implements PickleFunction {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  call(): never {
    throw damaged();
  }
}

/**
 * Writes a `state_dict` that `torch.load(..., weights_only=True)` opens.
 * @throws UnusableError if it would exceed the 4 GB of a zip file
 */
export function writeTorchFile(tensors: readonly NamedTensor[]): Uint8Array<ArrayBuffer> {
  const text = (content: string) => new TextEncoder().encode(content);
  const files = new Map<string, Uint8Array>([
    ['model/data.pkl', pickledStateDict(tensors)],
    ['model/byteorder', text('little')],
    ['model/version', text('3\n')],
  ]);
  tensors.forEach(({ values }, key) => {
    files.set(`model/data/${key}`, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  });
  const zip = storedZip(files);
  if (zip) return zip;
  throw new UnusableError(phrase('The weights exceed the 4 GB of a file of torch.save. Export them as safetensors.'));
}

/** A `state_dict` in a file. */
export interface TorchFile {
  readonly tensors: readonly NamedTensor[];
  /** Path of the dictionary in a checkpoint, such as `model`; empty for the file as a whole. */
  readonly entry: string;
}

/**
 * Reads the tensors of a `state_dict`, as float32. A checkpoint with other entries next to it has the tensors of the
 * dictionary that has most of them.
 * @param name name of the file, for errors
 * @throws UnusableError for anything but containers of tensors, numbers and texts, for values outside of the file, for
 *   tensors that would need more memory than their values, and for a file without tensors of floating-point numbers
 */
export function readTorchFile(bytes: Uint8Array, name: string): TorchFile {
  if (!isZip(bytes))
    throw new UnusableError(
      phrase('"{0}" is not a file of torch.save, or one of PyTorch before 1.6. Save model.state_dict() again.', name),
    );
  const files = unzip(bytes, name, (path) => ENTRY.test(path));
  const pickle = [...files.keys()].find((path) => path.endsWith('/data.pkl'));
  const content = pickle === undefined ? undefined : files.get(pickle);
  if (pickle === undefined || content === undefined)
    throw new UnusableError(phrase('"{0}" has no data.pkl: it is no file of torch.save.', name));
  const folder = pickle.slice(0, pickle.indexOf('/'));
  const order = files.get(`${folder}/byteorder`);
  if (order && new TextDecoder().decode(order).trim() === 'big')
    throw new UnusableError(
      phrase('"{0}" has big-endian numbers. Save it again on a computer with little-endian ones.', name),
    );
  const value = readPickle(content, { functions: FUNCTIONS, persistent: storageOf });
  const found = largestDict(value);
  if (!found) throw new UnusableError(phrase('"{0}" has no tensors of floating-point numbers by name.', name));
  const storages = new Storages(files, `${folder}/data/`);
  const tensors = [...found.tensors].map(([key, tensor]) => valuesOf(key, tensor, storages, name));
  return { tensors, entry: found.path.join('.') };
}

/** Entries of an archive that are read. */
const ENTRY = /^[^/]+\/(?:data\.pkl|byteorder|data\/[^/]+)$/;

/** Tensors may share values, but not so often that they need more memory than this many times the values. */
const MOST_SHARED = 4;

/** The values of an archive, each storage converted once. */
class Storages {
  readonly #files: ReadonlyMap<string, Uint8Array>;
  readonly #prefix: string;
  readonly #values = new Map<string, Float32Array>();
  /** Values of tensors that may still be taken. */
  #left: number;

  constructor(files: ReadonlyMap<string, Uint8Array>, prefix: string) {
    this.#files = files;
    this.#prefix = prefix;
    const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    this.#left = MOST_SHARED * bytes;
  }

  /** @returns undefined for a storage that the archive lacks */
  values({ key, type }: Storage): Float32Array | undefined {
    const known = this.#values.get(key);
    const bytes = this.#files.get(`${this.#prefix}${key}`);
    if (known || !bytes) return known;
    const format = floatTypes[type ?? 'float32'];
    const values = format.read(bytes.subarray(0, bytes.length - (bytes.length % format.bytesPerValue)));
    this.#values.set(key, values);
    return values;
  }

  /** Whether a tensor of this many values may be taken, too. */
  take(size: number): boolean {
    this.#left -= size;
    return this.#left >= 0;
  }
}

/** The functions and classes of a `state_dict`. */
const FUNCTIONS: ReadonlyMap<string, PickleFunction> = new Map<string, PickleFunction>([
  ['collections.OrderedDict', { call: () => new Map() }],
  ['torch._utils._rebuild_tensor_v2', { call: (args) => tensorOf(args) }],
  ['torch._utils._rebuild_parameter', { call: ([data]) => data ?? null }],
  ...Object.keys(STORAGES).map((type): [string, PickleFunction] => [`torch.${type}`, new StorageType(type)]),
]);

function storageOf(id: PickleValue): PickleValue {
  const [kind, type, key] = Array.isArray(id) ? (id as readonly PickleValue[]) : [];
  if (kind !== 'storage' || !(type instanceof StorageType) || typeof key !== 'string') throw damaged();
  return { type: STORAGES[type.name], key } satisfies Storage;
}

function tensorOf([storage, offset, shape, strides]: readonly PickleValue[]): StoredTensor {
  const isSize = (value: PickleValue | undefined): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
  const areSizes = (values: PickleValue | undefined): values is readonly number[] =>
    Array.isArray(values) && values.every(isSize);
  if (!isStorage(storage) || !isSize(offset) || !areSizes(shape) || !areSizes(strides)) throw damaged();
  if (shape.length !== strides.length || shape.length > MOST_AXES) throw damaged();
  return new StoredTensor(storage, offset, shape, strides);
}

function isStorage(value: PickleValue | undefined): value is Storage {
  return typeof value === 'object' && value !== null && 'type' in value && 'key' in value;
}

/** Most levels of dictionaries around a `state_dict`. */
const DEEPEST = 8;

interface FoundDict {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Keys of the dictionaries around it. */
  readonly path: readonly string[];
}

/** The dictionary with most tensors of floating-point numbers, of a dictionary and those in it. */
function largestDict(
  value: PickleValue,
  path: readonly string[] = [],
  seen = new Set<unknown>(),
): FoundDict | undefined {
  // A dictionary may contain itself.
  if (!(value instanceof Map) || path.length > DEEPEST || seen.has(value)) return undefined;
  seen.add(value);
  const own = new Map<string, StoredTensor>();
  let largest: FoundDict | undefined;
  for (const [key, entry] of value as PickleDict) {
    if (entry instanceof StoredTensor) {
      if (typeof key === 'string' && entry.storage.type) own.set(key, entry);
      continue;
    }
    const inner = largestDict(entry, [...path, typeof key === 'string' ? key : '?'], seen);
    if (inner && inner.tensors.size > (largest?.tensors.size ?? 0)) largest = inner;
  }
  return own.size > 0 && own.size >= (largest?.tensors.size ?? 0) ? { tensors: own, path } : largest;
}

/** The values of a tensor in row-major order, whatever its strides. */
function valuesOf(key: string, tensor: StoredTensor, storages: Storages, name: string): NamedTensor {
  const { storage, shape, strides, offset } = tensor;
  const values = storages.values(storage);
  const size = shape.reduce((product, each) => product * each, 1);
  const last = offset + shape.reduce((sum, each, axis) => sum + Math.max(0, each - 1) * strides[axis]!, 0);
  // A tensor whose strides repeat its values would need more memory than the file has.
  if (!values || size > values.length || (size > 0 && last >= values.length))
    throw new UnusableError(phrase('"{0}" lacks values of the tensor "{1}".', name, key));
  if (!storages.take(size))
    throw new UnusableError(phrase('"{0}" has too many tensors that share their values.', name));
  const result = new Float32Array(size);
  // Axes of one index move nothing.
  const axes = shape
    .map((length, axis) => ({ length, stride: strides[axis]!, index: 0 }))
    .filter(({ length }) => length > 1);
  axes.reverse();
  let from = offset;
  for (let at = 0; at < size; at++) {
    result[at] = values[from]!;
    for (const axis of axes) {
      from += axis.stride;
      axis.index++;
      if (axis.index < axis.length) break;
      from -= axis.length * axis.stride;
      axis.index = 0;
    }
  }
  return { name: key, shape, values: result };
}

function damaged(): UnusableError {
  return new UnusableError(phrase('The pickle is refused: a tensor in it is damaged.'));
}

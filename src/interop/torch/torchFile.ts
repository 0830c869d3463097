import type { NamedTensor } from '../../models/weights.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { type FloatType, floatTypes } from '../floatTypes.ts';
import { unzip, zip } from '../zip.ts';
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

/** Writes a `state_dict` that `torch.load(..., weights_only=True)` opens. */
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
  return zip(files);
}

/**
 * Reads the tensors of a `state_dict`, as float32. A checkpoint with other entries next to it has the tensors of the
 * dictionary that has most of them.
 * @param name name of the file, for errors
 * @throws UnusableError for anything but containers of tensors, numbers and texts, for values outside of the file, and
 *   for a file without tensors of floating-point numbers
 */
export function readTorchFile(bytes: Uint8Array, name: string): NamedTensor[] {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b)
    throw new UnusableError(
      phrase('"{0}" is not a file of torch.save, or one of PyTorch before 1.6. Save model.state_dict() again.', name),
    );
  const files = unzip(bytes, name);
  const pickle = [...files.keys()].find((path) => /^[^/]+\/data\.pkl$/.test(path));
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
  const dict = largestDict(value);
  if (!dict) throw new UnusableError(phrase('"{0}" has no tensors of floating-point numbers by name.', name));
  return [...dict].map(([key, tensor]) =>
    valuesOf(key, tensor, files.get(`${folder}/data/${tensor.storage.key}`), name),
  );
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
  if (shape.length !== strides.length) throw damaged();
  return new StoredTensor(storage, offset, shape, strides);
}

function isStorage(value: PickleValue | undefined): value is Storage {
  return typeof value === 'object' && value !== null && 'type' in value && 'key' in value;
}

/** Most levels of dictionaries around a `state_dict`. */
const DEEPEST = 8;

/** The dictionary with most tensors of floating-point numbers, of a dictionary and those in it. */
function largestDict(value: PickleValue, depth = 0): ReadonlyMap<string, StoredTensor> | undefined {
  if (!(value instanceof Map) || depth > DEEPEST) return undefined;
  const dict = value as PickleDict;
  const own = new Map<string, StoredTensor>();
  let largest: ReadonlyMap<string, StoredTensor> | undefined;
  for (const [key, entry] of dict) {
    if (entry instanceof StoredTensor) {
      if (typeof key === 'string' && entry.storage.type) own.set(key, entry);
      continue;
    }
    const inner = largestDict(entry, depth + 1);
    if (inner && inner.size > (largest?.size ?? 0)) largest = inner;
  }
  return own.size > 0 && own.size >= (largest?.size ?? 0) ? own : largest;
}

/** The values of a tensor in row-major order, whatever its strides. */
function valuesOf(key: string, tensor: StoredTensor, bytes: Uint8Array | undefined, name: string): NamedTensor {
  const { storage, shape, strides, offset } = tensor;
  const format = floatTypes[storage.type ?? 'float32'];
  const size = shape.reduce((product, each) => product * each, 1);
  const last = offset + shape.reduce((sum, each, axis) => sum + Math.max(0, each - 1) * strides[axis]!, 0);
  const stored = bytes === undefined ? 0 : Math.floor(bytes.length / format.bytesPerValue);
  // A tensor whose strides repeat its values would need more memory than the file has.
  if (bytes === undefined || size > stored || (size > 0 && last >= stored))
    throw new UnusableError(phrase('"{0}" lacks values of the tensor "{1}".', name, key));
  const values = format.read(bytes.subarray(0, stored * format.bytesPerValue));
  const result = new Float32Array(size);
  const index = shape.map(() => 0);
  let from = offset;
  for (let at = 0; at < size; at++) {
    result[at] = values[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      from -= shape[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  return { name: key, shape, values: result };
}

function damaged(): UnusableError {
  return new UnusableError(phrase('The pickle is refused: a tensor in it is damaged.'));
}

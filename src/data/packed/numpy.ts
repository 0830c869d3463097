import { phrase, type Text } from '../../phrases/phrase.ts';
import { yieldToEventLoop } from '../../platform/system.ts';
import { isZip, viewOf } from '../../zip/directory.ts';
import { InputError } from '../inputError.ts';
import { checkTableMemory } from '../table/tableMemory.ts';
import { Archive } from './archive.ts';
import { type ByteFile, SIGNATURE_BYTES } from './byteFile.ts';
import { CellRows, type PackedRows } from './cellRows.ts';
import { type Decimals, numberCell, secondsCell, timeCell } from './cells.ts';
import type { ReadPackedOptions } from './parquet.ts';
import { distinctNames, reading } from './unusable.ts';

/** Values of an array that are the columns of a table: `[rows, width]`, or `[series, rows, width]`. */
interface NumpyArray {
  readonly name: string;
  readonly shape: readonly number[];
  /** The value at a place in the order of C, as a cell. */
  cell(index: number): string;
}

/** Most columns of a table. */
const MOST_COLUMNS = 10_000;
/** Longest header of an array. */
const LONGEST_HEADER = 2 ** 20;
const PREFIX = 10;
/** Bytes that have the header of an array, and those that usually have it. */
const HEAD = PREFIX + 2 + LONGEST_HEADER;
const SHORT_HEAD = 2 ** 12;

/**
 * Reads a NumPy array, or the arrays of an archive (`.npz`): one with one dimension is a column, one with two has its
 * columns in the second, and one with three has several series: `[series, time, values]`.
 * @throws InputError for damaged arrays, and for types and shapes that cannot be used
 */
export async function readNumpy(file: ByteFile, options: ReadPackedOptions): Promise<PackedRows> {
  // eslint-disable-next-line lab/translated -- name of a format
  return reading(file.path, 'NumPy', async () => readArrays(file, options));
}

async function readArrays(
  file: ByteFile,
  { sheet, limit = Infinity, signal, onProgress }: ReadPackedOptions,
): Promise<PackedRows> {
  const { path } = file;
  const found = isZip(await file.read(0, SIGNATURE_BYTES))
    ? await arraysOf(file, sheet, limit)
    : {
        arrays: [await loaded(path, '', { size: file.size, read: async (end) => file.read(0, end) }, limit)],
        notes: [],
      };
  const first = mostCommon(found.arrays);
  if (!first) throw new InputError('empty', phrase('"{0}" has no arrays. Choose another file.', path));
  const { arrays, leftOut } = sameRows(found.arrays, first);
  const [, rows] = spreadOf(first);
  const isSeries = first.shape.length === 3;
  const total = isSeries ? first.shape[0]! * first.shape[1]! : first.shape[0]!;
  const width = arrays.reduce((sum, array) => sum + widthOf(array), 0);
  if (width > MOST_COLUMNS)
    throw new InputError(
      'unreadable',
      phrase(
        '"{0}" has {1} columns, but at most {2} can be used. Transpose the array if its rows are columns.',
        path,
        width,
        MOST_COLUMNS,
      ),
    );
  if (total === 0 || rows === 0 || width === 0)
    throw new InputError('empty', phrase('"{0}" has an array without values. Choose another file.', path));
  const columns = arrays.flatMap((array) => {
    const own = widthOf(array);
    return Array.from({ length: own }, (_, at) => ({
      name: own === 1 && array.name !== '' ? array.name : `${array.name || 'value'} ${at + 1}`,
      cell: (row: number) => array.cell(row * own + at),
    }));
  });
  checkTableMemory(path, Math.min(total, limit) * (columns.length + 1));
  const cells = new CellRows(path, columns.length + (isSeries ? 1 : 0));
  const perSeries = isSeries ? first.shape[1]! : total;
  for (let row = 0; row < Math.min(total, limit); row++) {
    if (row % 10_000 === 0) {
      await yieldToEventLoop(signal);
      onProgress?.(row / total);
    }
    const values = columns.map(({ cell }) => cell(row));
    cells.add(row + 1, isSeries ? [`series ${Math.floor(row / perSeries) + 1}`, ...values] : values);
  }
  const names = distinctNames(columns.map(({ name }) => name));
  return {
    columns: isSeries ? ['series', ...names] : names,
    rows: cells.rows,
    problems: [],
    notes: [...found.notes, ...describeLeftOut(leftOut, first)],
    lists: [],
    header: true,
  };
}

/** Bytes of an array, of which the beginning may be enough. */
interface ArrayBytes {
  readonly size: number;
  /** The bytes up to a place. */
  read(end: number): Promise<Uint8Array>;
}

/** Reads an array, or as much of it as its first rows need. In the order of Fortran, these are everywhere. */
async function loaded(path: string, name: string, { size, read }: ArrayBytes, limit: number): Promise<NumpyArray> {
  if (limit === Infinity) {
    checkTableMemory(path, size);
    const bytes = await read(size);
    return arrayOf(name, bytes, headerOf(path, name, bytes, size));
  }
  const short = await read(Math.min(size, SHORT_HEAD));
  const headEnd = Math.min(size, HEAD, headerEnd(short));
  const head = headEnd <= short.length ? short : await read(headEnd);
  const header = headerOf(path, name, head, size);
  const { start, type, isFortran } = header;
  const end = isFortran ? size : Math.min(size, start + type.bytes * widthOf(header) * limit);
  checkTableMemory(path, end);
  return arrayOf(name, end <= head.length ? head : await read(end), header);
}

async function beginningOf(chunks: AsyncIterable<Uint8Array>, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end);
  let length = 0;
  for await (const chunk of chunks) {
    const part = chunk.subarray(0, end - length);
    bytes.set(part, length);
    length += part.length;
    if (length === end) break;
  }
  return bytes.subarray(0, length);
}

async function arraysOf(
  file: ByteFile,
  wanted: string,
  limit: number,
): Promise<{ arrays: NumpyArray[]; notes: Text[] }> {
  const { path } = file;
  const archive = await Archive.open(file);
  const nameOf = (name: string) => name.replace(/\.npy$/, '');
  const all = archive.entries.map(({ name }) => nameOf(name));
  const entries = archive.entries.filter(({ name }) => wanted === 'auto' || nameOf(name) === wanted);
  if (entries.length === 0)
    throw new InputError('no-column', phrase('"{0}" has no array "{1}"; it has {2}.', path, wanted, all.join(', ')), {
      fields: ['data.sheet'],
    });
  const arrays: NumpyArray[] = [];
  const problems: InputError[] = [];
  // All of them are kept until the cells are written.
  if (limit === Infinity)
    checkTableMemory(
      path,
      entries.reduce((sum, { size }) => sum + size, 0),
    );
  for (const entry of entries) {
    const { size } = entry;
    const read = async (end: number) => (end === size ? archive.read(entry) : beginningOf(archive.chunks(entry), end));
    try {
      arrays.push(await loaded(path, nameOf(entry.name), { size, read }, limit));
    } catch (error) {
      // Arrays of one number or of objects beside the data are left out, unless there is nothing else.
      if (!(error instanceof InputError)) throw error;
      problems.push(error);
    }
  }
  const [problem] = problems;
  if (arrays.length === 0 && problem) throw problem;
  return { arrays, notes: problems.map(({ text }) => phrase('Left out: {0}', text)) };
}

/** Series and rows of an array. */
function spreadOf({ shape }: NumpyArray): [series: number, rows: number] {
  return shape.length === 3 ? [shape[0]!, shape[1]!] : [1, shape[0]!];
}

function widthOf({ shape }: Pick<NumpyArray, 'shape'>): number {
  return shape.length === 1 ? 1 : shape.at(-1)!;
}

/** The first array of those with the number of rows that most values have. */
function mostCommon(arrays: readonly NumpyArray[]): NumpyArray | undefined {
  const groups = new Map<string, { readonly first: NumpyArray; values: number }>();
  for (const array of arrays) {
    const key = spreadOf(array).join();
    const group = groups.get(key) ?? { first: array, values: 0 };
    group.values += array.shape.reduce((product, size) => product * size, 1);
    groups.set(key, group);
  }
  const [most] = [...groups.values()].sort((one, other) => other.values - one.values);
  return most?.first;
}

/** The arrays with as many rows as one of them, and the others. */
function sameRows(arrays: readonly NumpyArray[], first: NumpyArray): { arrays: NumpyArray[]; leftOut: NumpyArray[] } {
  const [series, rows] = spreadOf(first);
  const isSame = (array: NumpyArray) => {
    const [ownSeries, ownRows] = spreadOf(array);
    return ownSeries === series && ownRows === rows;
  };
  return { arrays: arrays.filter(isSame), leftOut: arrays.filter((array) => !isSame(array)) };
}

function describeLeftOut(arrays: readonly NumpyArray[], first: NumpyArray): Text[] {
  return arrays.length === 0
    ? []
    : [
        phrase(
          'Arrays with another number of rows than "{0}" are left out: {1}. Set data.sheet to the name of one to read it.',
          first.name,
          arrays.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', '),
        ),
      ];
}

interface ArrayHeader {
  /** Place of the first value. */
  readonly start: number;
  readonly shape: readonly number[];
  readonly type: ItemType;
  readonly isFortran: boolean;
}

/** Number of bytes up to the first value of an array, whose first bytes are known; 0 if there are too few. */
function headerEnd(bytes: Uint8Array): number {
  if (bytes.length < PREFIX + 2) return 0;
  const view = viewOf(bytes);
  return bytes[6]! > 1 ? PREFIX + 2 + view.getUint32(8, true) : PREFIX + view.getUint16(8, true);
}

/**
 * Reads the header of an array. Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @param bytes its beginning, with the header
 * @param total number of all of its bytes
 */
function headerOf(path: string, name: string, bytes: Uint8Array, total: number): ArrayHeader {
  const view = viewOf(bytes);
  if (bytes.length < PREFIX + 2 || view.getUint32(0) !== 0x934e554d || bytes[6]! < 1 || bytes[6]! > 3)
    throw new Error('An array does not begin as one.');
  const isLong = bytes[6]! > 1;
  const start = headerEnd(bytes);
  if (start > HEAD || start > bytes.length) throw new Error('The header of an array is cut off.');
  const header = new TextDecoder().decode(bytes.subarray(isLong ? PREFIX + 2 : PREFIX, start));
  const [, order] = /'fortran_order':\s*(True|False)/.exec(header) ?? [];
  const [, shapeText] = /'shape':\s*\(([\d,\sL]*)\)/.exec(header) ?? [];
  const [, , descr] = /'descr':\s*(['"])([^'"]+)\1/.exec(header) ?? [];
  const title = name === '' ? path : `${path}: ${name}`;
  if (order === undefined || shapeText === undefined) throw new Error('The header of an array is damaged.');
  if (descr === undefined)
    throw new InputError(
      'unreadable',
      phrase('"{0}" has a structured type. Write each field as a separate array.', title),
    );
  const shape = shapeText.split(',').flatMap((part) => (part.trim() === '' ? [] : [Number(part.replace('L', ''))]));
  const type = typeOf(title, descr);
  const count = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(count) || count * type.bytes > total - start) throw new Error('An array is cut off.');
  if (shape.length === 0 || shape.length > 3)
    throw new InputError(
      'unreadable',
      phrase(
        '"{0}" has the shape [{1}]. One to three dimensions can be used: [rows], [rows, columns] or [series, rows, columns].',
        title,
        shape.join(', '),
      ),
    );
  return { start, shape, type, isFortran: order === 'True' && shape.length > 1 };
}

/** @param bytes those of its values that are read, from the beginning on */
function arrayOf(name: string, bytes: Uint8Array, { start, shape, type, isFortran }: ArrayHeader): NumpyArray {
  const view = viewOf(bytes);
  // In the order of Fortran, the first index moves fastest.
  const placeOf = isFortran ? fortranPlace(shape) : (index: number) => index;
  return { name, shape, cell: (index) => type.read(view, start + type.bytes * placeOf(index)) };
}

function fortranPlace(shape: readonly number[]): (index: number) => number {
  return (index) => {
    let [rest, place] = [index, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis]!;
      const stride = shape.slice(0, axis).reduce((product, each) => product * each, 1);
      place += (rest % size) * stride;
      rest = Math.floor(rest / size);
    }
    return place;
  };
}

interface ItemType {
  readonly bytes: number;
  read(view: DataView, at: number): string;
}

/** Milliseconds of the units of times with days or longer. */
const DAYS: Readonly<Record<string, number>> = { D: 86_400_000, W: 7 * 86_400_000, h: 3_600_000, m: 60_000 };
const SECONDS: Readonly<Record<string, Decimals>> = { s: 0, ms: 3, us: 6, ns: 9 };
const NOT_A_TIME = -(2n ** 63n);

/** @throws InputError for a type without texts, numbers or times */
function typeOf(title: string, descr: string): ItemType {
  const [, order = '|', kind = '', sizeText = '', unit] =
    /^([<>|=])([a-zA-Z])(\d*)(?:\[(\d*[a-zA-Z]+)\])?$/.exec(descr) ?? [];
  const size = Number(sizeText);
  const little = order !== '>';
  const numbers: Readonly<Record<string, ItemType>> = {
    b1: { bytes: 1, read: (view, at) => (view.getUint8(at) === 0 ? 'false' : 'true') },
    i1: { bytes: 1, read: (view, at) => String(view.getInt8(at)) },
    u1: { bytes: 1, read: (view, at) => String(view.getUint8(at)) },
    i2: { bytes: 2, read: (view, at) => String(view.getInt16(at, little)) },
    u2: { bytes: 2, read: (view, at) => String(view.getUint16(at, little)) },
    i4: { bytes: 4, read: (view, at) => String(view.getInt32(at, little)) },
    u4: { bytes: 4, read: (view, at) => String(view.getUint32(at, little)) },
    i8: { bytes: 8, read: (view, at) => String(view.getBigInt64(at, little)) },
    u8: { bytes: 8, read: (view, at) => String(view.getBigUint64(at, little)) },
    f2: { bytes: 2, read: (view, at) => numberCell(halfAt(view.getUint16(at, little)), 5) },
    f4: { bytes: 4, read: (view, at) => numberCell(view.getFloat32(at, little), 9) },
    f8: { bytes: 8, read: (view, at) => numberCell(view.getFloat64(at, little)) },
  };
  const number = numbers[`${kind}${sizeText}`];
  if (number) return number;
  if (kind === 'U' && size <= 2 ** 24)
    return { bytes: 4 * size, read: (view, at) => unicodeAt(view, at, size, little) };
  if (kind === 'S' && size <= 2 ** 26) return { bytes: size, read: (view, at) => bytesAt(view, at, size) };
  const [, stepText = '', name = ''] = /^(\d*)([a-zA-Z]+)$/.exec(unit ?? '') ?? [];
  const step = BigInt(stepText || 1);
  if ((kind === 'M' || kind === 'm') && size === 8) {
    const write = timeOf(kind, name);
    if (write)
      return {
        bytes: 8,
        read(view, at) {
          const value = view.getBigInt64(at, little);
          return value === NOT_A_TIME ? '' : write(value * step);
        },
      };
  }
  throw new InputError(
    'unreadable',
    kind === 'O'
      ? phrase(
          '"{0}" has Python objects, which would have to be executed (pickle). Write numbers or texts instead.',
          title,
        )
      : phrase(
          '"{0}" has values of the type {1}, which cannot be used. Write numbers, times or texts instead.',
          title,
          descr,
        ),
  );
}

function timeOf(kind: string, unit: string): ((value: bigint) => string) | undefined {
  const decimals = SECONDS[unit];
  if (decimals !== undefined)
    return kind === 'M' ? (value) => timeCell(value, decimals) : (value) => secondsCell(value, decimals);
  const milliseconds = DAYS[unit];
  if (milliseconds !== undefined) {
    const seconds = BigInt(milliseconds / 1000);
    if (kind === 'm') return (value) => String(value * seconds);
    return (value) => {
      const cell = timeCell(value * seconds, 0);
      return unit === 'D' || unit === 'W' ? cell.replace(' 00:00:00', '') : cell;
    };
  }
  if (kind !== 'M' || (unit !== 'M' && unit !== 'Y')) return undefined;
  return (value) => {
    const months = unit === 'M' ? value : value * 12n;
    const year = 1970n + (months >= 0n ? months / 12n : (months - 11n) / 12n);
    const month = ((months % 12n) + 12n) % 12n;
    return `${String(year).padStart(4, '0')}-${String(month + 1n).padStart(2, '0')}-01`;
  };
}

function halfAt(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 0x3ff];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const LARGEST_CODE_POINT = 0x10ffff;

function unicodeAt(view: DataView, at: number, size: number, little: boolean): string {
  let text = '';
  for (let index = 0; index < size; index++) {
    const code = view.getUint32(at + 4 * index, little);
    if (code === 0) break;
    text += code > LARGEST_CODE_POINT ? '\ufffd' : String.fromCodePoint(code);
  }
  return text;
}

function bytesAt(view: DataView, at: number, size: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, size);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

import {
  CompressionType,
  type DataType,
  Endianness,
  IntervalUnit,
  setCompressionCodec,
  tableFromIPC,
  Type,
} from '@uwdata/flechette';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { yieldToEventLoop } from '../../platform/system.ts';
import { checkTableMemory } from '../table/tableMemory.ts';
import { checkArrow, firstMessage, headLength, messageOf } from './arrowBounds.ts';
import type { ByteFile } from './byteFile.ts';
import { CellRows, type PackedRows } from './cellRows.ts';
import {
  clockCell,
  dayCell,
  type Decimals,
  decimalCell,
  type Format,
  jsonBytes,
  jsonList,
  jsonObject,
  jsonScalar,
  numberCell,
  secondsCell,
  timeCell,
} from './cells.ts';
import { decodeLz4Frame } from './lz4.ts';
import type { ReadPackedOptions } from './parquet.ts';
import { assertPageSize } from './parquetPages.ts';
import { assertColumns, describeUnusable, distinctNames, reading } from './unusable.ts';
import { unpackZstd } from './zstd.ts';

/** Registers the compressions, which unpack no more than a buffer may have. */
function registerCodecs(): void {
  const codec = (decode: (bytes: Uint8Array, length: number) => Uint8Array) => ({
    encode: (bytes: Uint8Array) => bytes,
    decode(bytes: Uint8Array, length = 0) {
      assertPageSize(bytes.length, length);
      const unpacked = decode(bytes, length);
      if (unpacked.length !== length) throw new Error('A compressed column has another length than it claims.');
      // Columns of wide numbers are views, which begin at multiples of their width.
      return unpacked.byteOffset % 8 === 0 ? unpacked : unpacked.slice();
    },
  });
  setCompressionCodec(CompressionType.LZ4_FRAME, codec(decodeLz4Frame));
  setCompressionCodec(CompressionType.ZSTD, codec(unpackZstd));
}

/** A column, or a field of a struct in one. */
interface Leaf {
  readonly column: number;
  readonly path: readonly string[];
  readonly format: Format;
  readonly isList: boolean;
}

/**
 * Reads Arrow data: a file (also Feather version 2) or a stream, compressed or not. Fields of structs are columns of
 * their own, lists and maps are JSON; columns of bytes and other unusable types are left out and named.
 * @throws InputError for damaged data, and for a table without a usable column
 */
export async function readArrow(file: ByteFile, options: ReadPackedOptions): Promise<PackedRows> {
  // eslint-disable-next-line lab/translated -- name of a format
  return reading(file.path, 'Arrow', async () => readTable(file, options));
}

async function readTable(
  file: ByteFile,
  { limit = Infinity, signal, onProgress }: ReadPackedOptions,
): Promise<PackedRows> {
  const { path } = file;
  registerCodecs();
  const bytes = await bytesOf(file, limit);
  checkArrow(bytes);
  // Columns are views of the bytes, which begin at multiples of eight in the file.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : Uint8Array.from(bytes);
  const table = tableFromIPC(aligned, { useBigInt: true, useBigIntTimestamp: true, useDecimalInt: true });
  const { schema, children } = table;
  if (schema.endianness === Endianness.Big) throw new Error('Its numbers are big-endian.');
  const { leaves, unusable } = leavesOf(schema.fields);
  assertColumns(path, leaves, unusable);
  const batches = children[0]?.data.length ?? 0;
  const cells = new CellRows(path, leaves.length);
  let line = 0;
  for (let batch = 0; batch < batches; batch++) {
    await yieldToEventLoop(signal);
    onProgress?.(batch / batches);
    const parts = children.map(({ data }) => data[batch]!);
    const rows = parts[0]?.length ?? 0;
    if (!parts.every(({ length }) => length === rows)) throw new Error('Its columns have different lengths.');
    checkTableMemory(path, rows * leaves.length);
    const readers = leaves.map(({ column, path: names, format }) => {
      const part = parts[column]!;
      return (row: number) => {
        let value: unknown = part.at(row);
        for (const name of names)
          value =
            typeof value === 'object' && value !== null
              ? (value as Readonly<Record<string, unknown>>)[name]
              : undefined;
        return value === null || value === undefined ? '' : format(value);
      };
    });
    for (let row = 0; row < rows && line < limit; row++)
      cells.add(
        ++line,
        readers.map((read) => read(row)),
      );
  }
  return {
    columns: distinctNames(
      leaves.map(({ column, path: names }) => [schema.fields[column]?.name ?? '', ...names].join('.')),
    ),
    rows: cells.rows,
    problems: [],
    notes: [...describeUnusable(unusable), ...zoneNotes(schema.fields)],
    lists: leaves.flatMap(({ isList }, index) => (isList ? [index] : [])),
    header: true,
  };
}

/** Bytes that are read to find the length of a message. */
const LENGTH_BYTES = 8;

/** The whole file, or a stream of its first messages, which have enough rows. */
async function bytesOf(file: ByteFile, limit: number): Promise<Uint8Array> {
  if (limit !== Infinity) {
    const start = firstMessage(await file.read(0, LENGTH_BYTES));
    const end = await endOfRows(file, start, limit);
    checkTableMemory(file.path, end - start);
    // As a stream, which has no footer that names the other messages.
    if (end < file.size) return file.read(start, end);
  }
  checkTableMemory(file.path, file.size);
  return file.read(0, file.size);
}

/** Place after the message with the last of the first rows; the end of the file if it has fewer, or is damaged. */
async function endOfRows({ read, size }: ByteFile, start: number, limit: number): Promise<number> {
  let [at, rows] = [start, 0];
  while (rows < limit) {
    const length = headLength(await read(at, Math.min(size, at + LENGTH_BYTES)));
    if (length === undefined || at + length > size) return size;
    const { body, rows: own } = messageOf(await read(at, at + length));
    if (body < 0 || at + length + body > size) return size;
    at += length + body;
    rows += own;
  }
  return at;
}

type Field = { readonly name: string; readonly type: DataType };

function leavesOf(fields: readonly Field[]): { readonly leaves: Leaf[]; readonly unusable: string[] } {
  const leaves: Leaf[] = [];
  const unusable: string[] = [];
  const visit = (column: number, { name, type }: Field, path: readonly string[]): void => {
    if (type.typeId === Type.Struct) for (const child of type.children) visit(column, child, [...path, child.name]);
    else if (NESTED.has(type.typeId)) leaves.push({ column, path, format: jsonOf(type), isList: true });
    else {
      const format = formatOf(type);
      if (format) leaves.push({ column, path, format, isList: false });
      else unusable.push([fields[column]?.name ?? name, ...path].join('.'));
    }
  };
  for (const [column, field] of fields.entries()) visit(column, field, []);
  return { leaves, unusable };
}

const NESTED: ReadonlySet<number> = new Set([
  Type.List,
  Type.LargeList,
  Type.FixedSizeList,
  Type.ListView,
  Type.LargeListView,
  Type.Map,
]);

/** Types whose values are texts, also those that look like numbers. */
const TEXTS: ReadonlySet<number> = new Set([Type.Utf8, Type.LargeUtf8, Type.Utf8View]);

/** How values are written as JSON, part by part by their types. */
function jsonOf(type: DataType): Format {
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- all others are cells
  switch (type.typeId) {
    case Type.List:
    case Type.LargeList:
    case Type.FixedSizeList:
    case Type.ListView:
    case Type.LargeListView:
      return jsonList(jsonOf(childOf(type)));
    case Type.Map: {
      // The keys and values of a map are pairs.
      const entries = childOf(type);
      const [key, value] = entries.typeId === Type.Struct ? entries.children.map((child) => jsonOf(child.type)) : [];
      if (!key || !value) throw new Error('A map has no keys and values.');
      return jsonList((pair) => {
        const [ownKey, ownValue] = pair as readonly unknown[];
        return `[${key(ownKey)},${value(ownValue)}]`;
      });
    }
    case Type.Struct:
      return jsonObject(type.children.map((child) => [child.name, jsonOf(child.type)]));
    case Type.Dictionary:
      return jsonOf(type.dictionary);
    default: {
      const format = formatOf(type);
      return format ? jsonScalar(format, { isText: TEXTS.has(type.typeId) }) : jsonBytes;
    }
  }
}

/** The type of the elements of a list. */
function childOf({ children }: { readonly children: readonly Field[] }): DataType {
  const [child] = children;
  if (!child) throw new Error('A list has no type of its elements.');
  return child.type;
}

/** Decimals of the units of times: seconds, and thousandths of them and of each other. */
const DECIMALS: readonly Decimals[] = [0, 3, 6, 9];

/** How the values of a column are written; undefined for values that cannot be used. Numbers keep all of their digits. */
function formatOf(type: DataType): Format | undefined {
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- all others cannot be used
  switch (type.typeId) {
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View:
    case Type.Bool:
    case Type.Int:
    case Type.Null:
      return String;
    case Type.Float:
      return (value) => numberCell(Number(value), ([5, 9, 17] as const)[type.precision]);
    case Type.Decimal:
      return (value) => decimalCell(BigInt(value as bigint | number), type.scale);
    case Type.Date:
      return (value) => dayCell(Math.floor(Number(value) / 86_400_000));
    case Type.Time:
      return (value) => clockCell(BigInt(value as bigint | number), DECIMALS[type.unit] ?? 0);
    case Type.Timestamp:
      return (value) => timeCell(BigInt(value as bigint | number), DECIMALS[type.unit] ?? 0, Boolean(type.timezone));
    case Type.Duration:
      return (value) => secondsCell(BigInt(value as bigint | number), DECIMALS[type.unit] ?? 0);
    case Type.Interval:
      return type.unit === IntervalUnit.YEAR_MONTH ? String : undefined;
    case Type.Dictionary:
      return formatOf(type.dictionary);
    case Type.RunEndEncoded: {
      const values = type.children[1]?.type;
      return values && formatOf(values);
    }
    case Type.Union:
      return type.children.every(({ type: { typeId } }) => PLAIN.has(typeId)) ? String : undefined;
    default:
      return undefined;
  }
}

/** Types whose values say what they are, so that those of a union of them can be told apart. */
const PLAIN: ReadonlySet<number> = new Set([...TEXTS, Type.Bool, Type.Int, Type.Null]);

/** Says which times are in UTC, and which zone the file names for them. */
function zoneNotes(fields: readonly Field[]): Text[] {
  return fields.flatMap(({ name, type }) =>
    type.typeId === Type.Timestamp && type.timezone
      ? [phrase('The times of the column "{0}" are in UTC; its time zone is {1}.', name, type.timezone)]
      : [],
  );
}

import { parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
import type { Compressors, FileMetaData, ParquetParsers, SchemaElement, SchemaTree } from 'hyparquet';
import { isListLike, isMapLike } from 'hyparquet/src/schema.js';
import { compressors } from 'hyparquet-compressors';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { yieldToEventLoop } from '../../platform/system.ts';
import type { OnProgress } from '../progress.ts';
import { checkTableMemory } from '../table/tableMemory.ts';
import type { ByteFile } from './byteFile.ts';
import { CellRows, type PackedRows } from './cellRows.ts';
import {
  bigEndian,
  clockCell,
  type Decimals,
  decimalCell,
  dayCell,
  type Format,
  jsonBytes,
  jsonList,
  jsonObject,
  jsonScalar,
  numberCell,
  timeCell,
} from './cells.ts';
import { assertPages, assertPageSize } from './parquetPages.ts';
import { assertColumns, describeUnusable, distinctNames, reading } from './unusable.ts';
import { unpackZstd } from './zstd.ts';

/** A column of the file, or a field of a struct in one. */
interface Leaf {
  readonly path: readonly string[];
  readonly format: Format;
  readonly isList: boolean;
  /** True for bytes that may be texts. */
  readonly isBytes: boolean;
}

export interface ReadPackedOptions {
  /** Sheet of a workbook or array of an archive; `auto` for the first, or all. */
  readonly sheet: string;
  /** Most rows that are read. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Rows that show whether bytes are texts. */
const PROBED = 20;
const DECIMALS: Readonly<Record<string, Decimals>> = { MILLIS: 3, MICROS: 6, NANOS: 9 };

/** Times as text, so that nothing is rounded to milliseconds. */
const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (value: bigint | undefined) => (value == null ? undefined : timeCell(BigInt(value), 3)),
  timestampFromMicroseconds: (value: bigint | undefined) => (value == null ? undefined : timeCell(BigInt(value), 6)),
  timestampFromNanoseconds: (value: bigint | undefined) => (value == null ? undefined : timeCell(BigInt(value), 9)),
  dateFromDays: (days: number | undefined) => (days == null ? undefined : dayCell(days)),
  jsonFromBytes: (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes),
};

/** Most bytes, unpacked, of a packed one. A page of Brotli is bounded as any page is. */
const LARGEST_RATIOS: Readonly<Record<string, number>> = { SNAPPY: 64, GZIP: 1032, LZ4: 255, LZ4_RAW: 255 };

/** The compressions, which unpack no more than a page may have. */
const bounded: Compressors = Object.fromEntries(
  Object.entries({
    ...compressors,
    ZSTD: unpackZstd,
  }).map(([codec, unpack]) => [
    codec,
    (input: Uint8Array, length: number) => {
      assertPageSize(input.length, length, LARGEST_RATIOS[codec]);
      return unpack(input, length);
    },
  ]),
);

/**
 * Reads a Parquet file, one group of rows after another. Each field of a struct is a column, lists and maps are
 * JSON; columns of bytes and other unusable types are left out and named.
 * @throws InputError for a damaged file, and for one without a usable column
 */
export async function readParquet(file: ByteFile, options: ReadPackedOptions): Promise<PackedRows> {
  // eslint-disable-next-line lab/translated -- name of a format
  return reading(file.path, 'Parquet', async () => readTable(file, options));
}

async function readTable(
  source: ByteFile,
  { limit = Infinity, signal, onProgress }: ReadPackedOptions,
): Promise<PackedRows> {
  const { path } = source;
  const file = {
    byteLength: source.size,
    async slice(start: number, end = source.size): Promise<ArrayBuffer> {
      if (!(start >= 0 && end >= start && end <= source.size)) throw new Error('A column is outside of the file.');
      return new Uint8Array(await source.read(start, end)).buffer;
    },
  };
  const metadata = await parquetMetadataAsync(file, { geoparquet: false });
  const schema = parquetSchema(metadata);
  const { leaves, unusable } = leavesOf(schema);
  // A column that is repeated has as many values as its lists.
  const lists = new Set(
    schema.children.flatMap(({ element }) => (element.repetition_type === 'REPEATED' ? [element.name] : [])),
  );
  const rowCount = metadata.row_groups.reduce((sum, { num_rows: count }) => sum + Number(count), 0);
  if (!(rowCount >= 0)) throw new Error('A group has a negative number of rows.');
  checkTableMemory(path, rowCount * leaves.length);
  for (const { columns, num_rows: rows } of metadata.row_groups) {
    for (const { meta_data: data } of columns) {
      if (!data) continue;
      const values = Number(data.num_values);
      const [name = '', ...inner] = data.path_in_schema;
      if (inner.length === 0 && !lists.has(name) && values !== Number(rows))
        throw new Error('A column has another number of rows.');
      checkTableMemory(path, values);
    }
  }
  /** Checks the pages of columns before their values are read. */
  const checkPages = async ({ columns }: FileMetaData['row_groups'][number], names: readonly string[]) => {
    for (const { meta_data: data } of columns) {
      if (!data || !names.includes(data.path_in_schema[0] ?? '')) continue;
      // Some writers say that a dictionary is at 0, where the file begins.
      const begin = Number(data.dictionary_page_offset ?? 0) || Number(data.data_page_offset);
      const bytes = await file.slice(begin, begin + Number(data.total_compressed_size));
      assertPages(new Uint8Array(bytes), Number(data.num_values));
    }
  };
  const base = { file, metadata, utf8: false, parsers, compressors: bounded, geoparquet: false };
  const isText = async (name: string, get: (row: unknown) => unknown) => {
    let areTexts = true;
    if (metadata.row_groups[0]) await checkPages(metadata.row_groups[0], [name]);
    await parquetRead({
      ...base,
      columns: [name],
      rowStart: 0,
      rowEnd: Math.min(PROBED, rowCount),
      onChunk: ({ columnData }) => {
        for (let row = 0; row < Math.min(PROBED, columnData.length); row++) areTexts &&= isUtf8(get(columnData[row]));
      },
    });
    return areTexts;
  };
  const used: Leaf[] = [];
  for (const leaf of leaves) {
    if (!leaf.isBytes || (await isText(leaf.path[0] ?? '', (row) => inside(row, leaf.path)))) used.push(leaf);
    else unusable.push(leaf.path.join('.'));
  }
  assertColumns(path, used, unusable);
  const names = [...new Set(used.map(({ path: [name = ''] }) => name))];
  const cells = new CellRows(path, used.length);
  let start = 0;
  for (const group of metadata.row_groups) {
    const { num_rows: count } = group;
    await yieldToEventLoop(signal);
    onProgress?.(start / Math.max(1, rowCount));
    const end = Math.min(start + Number(count), limit);
    if (end <= start) continue;
    await checkPages(group, names);
    const columns = new Map<string, ColumnPieces>(names.map((name) => [name, new ColumnPieces()]));
    await parquetRead({
      ...base,
      columns: names,
      rowStart: start,
      rowEnd: end,
      onChunk: ({ columnName, columnData, rowStart }) => columns.get(columnName)?.add(columnData, rowStart),
    });
    const readers = used.map(({ path: [name = ''], path: whole, format }) => {
      const column = columns.get(name)!;
      return (row: number) => {
        const value = whole.length === 1 ? column.at(row) : inside(column.at(row), whole);
        return value === null || value === undefined ? '' : format(value);
      };
    });
    for (let row = start; row < end; row++)
      cells.add(
        row + 1,
        readers.map((read) => read(row)),
      );
    start += Number(count);
  }
  return {
    columns: distinctNames(used.map(({ path: parts }) => parts.join('.'))),
    rows: cells.rows,
    problems: [],
    notes: [...describeUnusable(unusable), ...zoneNotes(metadata)],
    lists: used.flatMap(({ isList }, index) => (isList ? [index] : [])),
    header: true,
  };
}

/** The pieces of a column in a group of rows, which are read in order. */
class ColumnPieces {
  readonly #pieces: { readonly start: number; readonly data: ArrayLike<unknown> }[] = [];
  #current = 0;

  add(data: ArrayLike<unknown>, start: number): void {
    this.#pieces.push({ data, start });
  }

  at(row: number): unknown {
    for (; this.#current < this.#pieces.length; this.#current++) {
      const { start, data } = this.#pieces[this.#current]!;
      if (row < start + data.length) return row < start ? undefined : data[row - start];
    }
    throw new Error('A column ends before the others.');
  }
}

/** A field of a struct in a column, by its path. */
function inside(value: unknown, [, ...path]: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}

function isUtf8(value: unknown): boolean {
  if (!(value instanceof Uint8Array)) return true;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(value);
    return !value.includes(0);
  } catch {
    return false;
  }
}

function leavesOf({ children }: SchemaTree): { readonly leaves: Leaf[]; readonly unusable: string[] } {
  const leaves: Leaf[] = [];
  const unusable: string[] = [];
  const visit = (tree: SchemaTree): void => {
    const { element, children: inner, path } = tree;
    const { logical_type: logical, converted_type: converted, repetition_type: repetition } = element;
    const isNested = repetition === 'REPEATED' || [logical?.type, converted].some((type) => NESTED.has(type ?? ''));
    if (isNested) leaves.push({ path, format: jsonOf(tree), isList: true, isBytes: false });
    else if (inner.length > 0 && logical?.type !== 'VARIANT') for (const child of inner) visit(child);
    else {
      const format = formatOf(element);
      if (format === undefined) unusable.push(path.join('.'));
      else leaves.push({ path, format, isList: false, isBytes: format === textCell && !isAnnotated(element) });
    }
  };
  for (const child of children) visit(child);
  return { leaves, unusable };
}

/**
 * How values are written as JSON, part by part by their types, as the package builds them: lists as arrays, maps as
 * objects. @param isElement whether it is the repeated element itself, and not the list of them
 */
function jsonOf(tree: SchemaTree, isElement = false): Format {
  const { element, children } = tree;
  if (element.repetition_type === 'REPEATED' && !isElement) return jsonList(jsonOf(tree, true));
  const [inner] = children;
  if (inner && isListLike(tree)) {
    const [only, ...others] = inner.children;
    return jsonList(only && others.length === 0 ? jsonOf(only) : jsonOf(inner, true));
  }
  if (inner && isMapLike(tree)) {
    const value = jsonOf(inner.children[1]!);
    return (map) => jsonObject(Object.keys(map ?? {}).map((key) => [key, value]))(map);
  }
  if (inner && element.logical_type?.type !== 'VARIANT')
    return jsonObject(children.map((child) => [child.element.name, jsonOf(child)]));
  const format = formatOf(element);
  if (format === undefined) return jsonBytes;
  if (format !== textCell) return jsonScalar(format);
  const text = jsonScalar(format, { isText: true });
  return (value) => (isUtf8(value) ? text : jsonBytes)(value);
}

const NESTED: ReadonlySet<string> = new Set(['LIST', 'MAP', 'MAP_KEY_VALUE']);
const UNUSABLE: ReadonlySet<string> = new Set(['BSON', 'INTERVAL', 'GEOMETRY', 'GEOGRAPHY', 'VARIANT']);
const TEXTS: ReadonlySet<string> = new Set(['STRING', 'UTF8', 'ENUM', 'JSON', 'UUID']);

function isAnnotated({ logical_type: logical, converted_type: converted }: SchemaElement): boolean {
  return TEXTS.has(logical?.type ?? '') || TEXTS.has(converted ?? '');
}

/** How the values of a column are written; undefined for values that cannot be used. Numbers keep all of their digits. */
function formatOf(element: SchemaElement): Format | undefined {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (UNUSABLE.has(logical?.type ?? '') || UNUSABLE.has(converted ?? '')) return undefined;
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') {
    const scale = logical?.type === 'DECIMAL' ? logical.scale : (element.scale ?? 0);
    // The package would convert decimals to floating-point numbers.
    delete element.converted_type;
    delete element.logical_type;
    return (value) =>
      decimalCell(value instanceof Uint8Array ? bigEndian(value) : BigInt(value as bigint | number), scale);
  }
  if (logical?.type === 'TIME' || converted === 'TIME_MILLIS' || converted === 'TIME_MICROS') {
    const unit = logical?.type === 'TIME' ? logical.unit : converted === 'TIME_MILLIS' ? 'MILLIS' : 'MICROS';
    return (value) => clockCell(BigInt(value as bigint | number), DECIMALS[unit] ?? 0);
  }
  if (logical?.type === 'TIMESTAMP' && logical.isAdjustedToUTC) return (value) => `${String(value)}Z`;
  if (logical?.type === 'FLOAT16') return (value) => numberCell(Number(value), 5);
  if (type === 'FLOAT') return (value) => numberCell(Number(value), 9);
  if (type === 'FIXED_LEN_BYTE_ARRAY' && logical?.type !== 'UUID') return undefined;
  if (type === 'BYTE_ARRAY') return textCell;
  return String;
}

function textCell(value: unknown): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
}

/** Says which times are in UTC. */
function zoneNotes({ schema }: FileMetaData): Text[] {
  const columns = schema.filter(({ logical_type: type }) => type?.type === 'TIMESTAMP' && type.isAdjustedToUTC);
  return columns.length === 0
    ? []
    : [phrase('The times of these columns are in UTC: {0}.', columns.map(({ name }) => name).join(', '))];
}

import * as z from 'zod';
import type { NamedTensor } from '../models/weights.ts';
import { addRow, packRows, type PackedRows } from './packedRows.ts';
import type { SentimentParts } from './sentimentModel.ts';
import { WordTable } from './wordTable.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';
import { textOf } from '../phrases/causes.ts';

/**
 * File format of a text classifier: an eight-byte signature, the length of the JSON header (uint32), the header, and
 * the arrays that it lists. All numbers are little-endian.
 */

const MAGIC = 'SEQLABTC';
const HEADER_AT = MAGIC.length + 4;

const rowsSchema = z.strictObject({
  bits: z.literal([8, 4]),
  width: z.int().positive(),
  rows: z.int().nonnegative(),
  largest: z.number().nonnegative(),
});
const tensorSchema = z.strictObject({ name: z.string(), shape: z.array(z.int().positive()), rows: rowsSchema });

const headerSchema = z.strictObject({
  version: z.literal(1),
  labels: z.array(z.string()).min(2),
  units: z.int().positive(),
  pooling: z.enum(['attention', 'mean', 'last']),
  temperature: z.strictObject({ base: z.number(), perLogWord: z.number() }),
  /** Size of the word list in bytes: UTF-8, one word per line, without `<unk>` and `<pad>`. */
  wordBytes: z.int().nonnegative(),
  trained: rowsSchema,
  others: rowsSchema,
  members: z.array(z.strictObject({ difference: rowsSchema, weights: z.array(tensorSchema) })).min(1),
  ngrams: z.strictObject({ bias: z.number(), weights: rowsSchema }).optional(),
  opinion: z
    .strictObject({ units: z.int().positive(), threshold: z.number(), weights: z.array(tensorSchema) })
    .optional(),
});

type Header = z.output<typeof headerSchema>;
type RowsHeader = z.output<typeof rowsSchema>;
type TensorHeader = z.output<typeof tensorSchema>;
type PackedTensor = Omit<TensorHeader, 'rows'> & { readonly rows: PackedRows };

/** Encodes a model as the bytes of its file. */
export function encodeModel(parts: SentimentParts): Uint8Array {
  const { labels, units, pooling, temperature, table, members, ngrams, opinion } = parts;
  const words = new TextEncoder().encode(table.vocabulary.words.slice(1, -1).join('\n'));
  const packed = members.map(({ difference, weights }) => ({ difference, weights: weights.map(packTensor) }));
  const packedOpinion = opinion && { ...opinion, weights: opinion.weights.map(packTensor) };
  const header: Header = {
    version: 1,
    labels: [...labels],
    units,
    pooling,
    temperature,
    wordBytes: words.length,
    trained: rowsHeader(table.trained),
    others: rowsHeader(table.others),
    members: packed.map(({ difference, weights }) => ({
      difference: rowsHeader(difference),
      weights: weights.map(tensorHeader),
    })),
    ...(ngrams && { ngrams: { bias: ngrams.bias, weights: rowsHeader(ngrams.weights) } }),
    ...(packedOpinion && { opinion: { ...packedOpinion, weights: packedOpinion.weights.map(tensorHeader) } }),
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length, true);
  const rows = [
    table.trained,
    table.others,
    ...packed.flatMap(({ difference, weights }) => [difference, ...weights.map((weight) => weight.rows)]),
    ...(packedOpinion?.weights ?? []).map((weight) => weight.rows),
  ];
  return joined([
    new TextEncoder().encode(MAGIC),
    length,
    json,
    words,
    ...rows.flatMap(({ scales, data }) => [scales, data]),
    ...(ngrams ? [ngrams.weights.scales, ngrams.weights.data, bytesOf(ngrams.keys)] : []),
  ]);
}

/** Decodes the bytes of a model's file. @throws PhrasedError if they are not a complete file of this format */
export function decodeModel(bytes: Uint8Array): SentimentParts {
  try {
    return decoded(bytes);
  } catch (error) {
    if (error instanceof PhrasedError) throw error;
    throw new PhrasedError(phrase('The parts of the model file do not fit each other.'), { cause: error });
  }
}

function decoded(bytes: Uint8Array): SentimentParts {
  const header = readHeader(bytes);
  let at = HEADER_AT + headerLength(bytes);
  const take = (length: number): Uint8Array => {
    const part = bytes.subarray(at, at + length);
    if (part.length < length)
      throw new PhrasedError(phrase('The model file is incomplete: it ends after {0} bytes.', bytes.length));
    at += length;
    return part;
  };
  const takeRows = ({ bits, width, rows, largest }: RowsHeader): PackedRows => {
    const scales = take(rows);
    return { bits, width, largest, scales, data: take((rows * width * bits) / 8) };
  };
  const takeTensor = ({ name, shape, rows }: TensorHeader): NamedTensor => ({
    name,
    shape,
    values: unpacked(takeRows(rows)),
  });
  const text = new TextDecoder().decode(take(header.wordBytes));
  const [trained, others] = [takeRows(header.trained), takeRows(header.others)];
  const table = new WordTable(text === '' ? [] : text.split('\n'), { trained, others });
  const members = header.members.map(({ difference, weights }) => ({
    difference: takeRows(difference),
    weights: weights.map(takeTensor),
  }));
  const opinion = header.opinion && { ...header.opinion, weights: header.opinion.weights.map(takeTensor) };
  const weights = header.ngrams && takeRows(header.ngrams.weights);
  const ngrams = header.ngrams &&
    weights && { bias: header.ngrams.bias, weights, keys: numbersOf(take(4 * weights.width)) };
  if (at < bytes.length)
    throw new PhrasedError(phrase('The model file has {0} bytes more than its header declares.', bytes.length - at));
  const { labels, units, pooling, temperature } = header;
  return {
    labels,
    units,
    pooling,
    temperature,
    table,
    members,
    ...(ngrams && { ngrams }),
    ...(opinion && { opinion }),
  };
}

function readHeader(bytes: Uint8Array): Header {
  const magic = new TextDecoder().decode(bytes.subarray(0, MAGIC.length));
  if (magic !== MAGIC || bytes.length < HEADER_AT)
    throw new PhrasedError(phrase('This is not a Sequence Lab classifier.'));
  const text = new TextDecoder().decode(bytes.subarray(HEADER_AT, HEADER_AT + headerLength(bytes)));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new PhrasedError(phrase('The header of the model file is damaged.'), { cause: error });
  }
  const result = headerSchema.safeParse(json);
  if (result.success) return result.data;
  throw new PhrasedError(phrase('The header of the model file is invalid. {0}', textOf(result.error)));
}

function headerLength(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
}

function packTensor({ name, shape, values }: NamedTensor): PackedTensor {
  return { name, shape: [...shape], rows: packRows(values, shape.at(-1) ?? 1, 8) };
}

function tensorHeader(tensor: PackedTensor): TensorHeader {
  return { ...tensor, rows: rowsHeader(tensor.rows) };
}

function rowsHeader({ bits, width, largest, scales }: PackedRows): RowsHeader {
  return { bits, width, rows: scales.length, largest };
}

/** Little-endian bytes of numbers. */
function bytesOf(numbers: Uint32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, index) => view.setUint32(4 * index, number, true));
  return new Uint8Array(view.buffer);
}

function numbersOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const numbers = new Uint32Array(bytes.length / 4);
  // A loop, because `from` with a function takes ten times as long before it is optimized.
  for (let i = 0; i < numbers.length; i++) numbers[i] = view.getUint32(4 * i, true);
  return numbers;
}

function unpacked(rows: PackedRows): Float32Array {
  const values = new Float32Array(rows.scales.length * rows.width);
  rows.scales.forEach((_, row) => addRow(rows, row, values, row * rows.width));
  return values;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

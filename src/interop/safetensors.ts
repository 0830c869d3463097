import * as z from 'zod';
import type { NamedTensor } from '../models/weights.ts';
import { UnusableError } from '../phrases/causes.ts';
import { phrase, type Text } from '../phrases/phrase.ts';
import { MOST_AXES } from './arrays.ts';
import { type FloatType, floatTypes } from './floatTypes.ts';

/**
 * The format safetensors (https://github.com/huggingface/safetensors): the length of a header as 8 bytes, the header as
 * JSON, and the values of the tensors one after another.
 */

const LENGTH_BYTES = 8;
/** Most bytes of a header, as in the reference implementation. */
const LONGEST_HEADER = 100_000_000;
const DTYPES: ReadonlyMap<string, FloatType> = new Map([
  ['F32', 'float32'],
  ['F64', 'float64'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
]);

const size = z.int().nonnegative();
const entrySchema = z.object({ dtype: z.string(), shape: z.array(size), data_offsets: z.tuple([size, size]) });
const headerSchema = z.object({ __metadata__: z.record(z.string(), z.string()).optional() }).catchall(entrySchema);

/** Types of numbers that are no weights. */
const OTHER_TYPES: ReadonlySet<string> = new Set(['BOOL', 'I8', 'U8', 'I16', 'U16', 'I32', 'U32', 'I64', 'U64']);

export interface Safetensors {
  readonly tensors: readonly NamedTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Writes tensors as float32, in their order. @param metadata texts by name, which readers ignore */
export function writeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Readers map the file into memory, where values must begin at a multiple of 8.
  const padded = Math.ceil(json.length / LENGTH_BYTES) * LENGTH_BYTES;
  const bytes = new Uint8Array(LENGTH_BYTES + padded + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + padded);
  bytes.set(json, LENGTH_BYTES);
  let place = LENGTH_BYTES + padded;
  for (const { values } of tensors) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), place);
    place += values.byteLength;
  }
  return bytes;
}

/**
 * Reads a file as float32.
 * @param name name of the file, for errors
 * @throws UnusableError for a header over the limit of the format, values outside of the file, that overlap or leave gaps,
 *   shapes that do not fit their values, and types other than floating-point numbers
 */
export function readSafetensors(bytes: Uint8Array, name: string): Safetensors {
  function refuse(reason: Text): never {
    throw new UnusableError(phrase('"{0}" is not a whole file of safetensors: {1}.', name, reason));
  }
  if (bytes.length < LENGTH_BYTES) refuse(phrase('it has {0} bytes', bytes.length));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const start = LENGTH_BYTES + length;
  if (length > LONGEST_HEADER || start > bytes.length) refuse(phrase('its header would have {0} bytes', length));
  const header = headerOf(bytes.subarray(LENGTH_BYTES, start));
  if (!header) refuse(phrase('its header is not one of tensors'));
  const { __metadata__: metadata = {}, ...entries } = header;
  let end = 0;
  const tensors = Object.entries(entries)
    .sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0])
    .flatMap(([key, { dtype, shape, data_offsets: offsets }]) => {
      const [from, to] = offsets;
      if (from !== end || to < from || start + to > bytes.length)
        refuse(phrase('the values of "{0}" overlap others, leave a gap or end outside of the file', key));
      end = to;
      // Counters and masks.
      if (OTHER_TYPES.has(dtype)) return [];
      const type = DTYPES.get(dtype);
      if (!type) refuse(phrase('"{0}" has values of the type {1}, not floating-point numbers', key, dtype));
      if (shape.length > MOST_AXES)
        refuse(phrase('"{0}" has {1} axes; at most {2} are read', key, shape.length, MOST_AXES));
      const { bytesPerValue, read } = floatTypes[type];
      const needed = bytesPerValue * shape.reduce((product, size) => product * size, 1);
      if (needed !== to - from)
        refuse(phrase('"{0}" has {1} bytes of values, and its shape needs {2}', key, to - from, needed));
      return [{ name: key, shape, values: read(bytes.subarray(start + from, start + to)) }];
    });
  if (start + end !== bytes.length) refuse(phrase('{0} bytes follow its values', bytes.length - start - end));
  return { tensors, metadata };
}

function headerOf(bytes: Uint8Array): z.output<typeof headerSchema> | undefined {
  try {
    return headerSchema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))).data;
  } catch {
    return undefined;
  }
}

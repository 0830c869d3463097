/** A field of a message of Protocol Buffers: an integer, or bytes (of a text, a message, a packed list or a float). */
export interface Field {
  readonly number: number;
  /** Integer of a varint; undefined for bytes. 64-bit integers outside of 2^53 lose precision. */
  readonly int: number | undefined;
  /** Bytes of a text, a message, a packed list, or a number of four or eight bytes; empty for a varint. */
  readonly bytes: Uint8Array;
}

const EMPTY = new Uint8Array();
const LONGEST_VARINT = 10;
const TWO_32 = 2 ** 32;

/** Types of encoded values. */
const [VARINT, FIXED_64, BYTES, FIXED_32] = [0, 1, 2, 5] as const;

/** A place in bytes that moves as values are read. */
interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/**
 * The fields of a message in their order.
 * @throws RangeError for bytes that end within a field, and for types that the format no longer has
 */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  const cursor = { bytes, at: 0 };
  while (cursor.at < bytes.length) {
    const key = readVarint(cursor);
    const number = Math.floor(key / 8);
    if (number < 1) throw new RangeError(`A message has a field of the number ${number}.`);
    const type = key % 8;
    if (type === VARINT) yield { number, int: readVarint(cursor), bytes: EMPTY };
    else yield { number, int: undefined, bytes: taken(cursor, lengthOf(type, cursor)) };
  }
}

function lengthOf(type: number, cursor: Cursor): number {
  if (type === BYTES) return readVarint(cursor);
  if (type === FIXED_32) return 4;
  if (type === FIXED_64) return 8;
  throw new RangeError(`A message has a field of the type ${type}.`);
}

function taken(cursor: Cursor, length: number): Uint8Array {
  const { bytes, at } = cursor;
  if (length < 0 || length > bytes.length - at) throw new RangeError('A message ends within a field.');
  cursor.at += length;
  return bytes.subarray(at, at + length);
}

/** An integer of up to 64 bits; the highest bit is the sign. */
function readVarint(cursor: Cursor): number {
  let low = 0;
  let high = 0;
  for (let place = 0; place < LONGEST_VARINT; place++) {
    const byte = cursor.bytes[cursor.at];
    if (byte === undefined) throw new RangeError('A message ends within a number.');
    cursor.at++;
    const bits = byte & 0x7f;
    // The bits from 28 to 34 belong to both halves.
    if (place < 4) low |= bits << (7 * place);
    else if (place === 4) {
      low |= bits << 28;
      high |= bits >> 4;
    } else high |= bits << (7 * place - 32);
    if (byte < 0x80) return (high | 0) * TWO_32 + (low >>> 0);
  }
  throw new RangeError('A message has a number of more than ten bytes.');
}

/** The integers of a repeated field, which may be packed or one by one. */
export function intsOf({ bytes, int }: Field): number[] {
  if (int !== undefined) return [int];
  const cursor = { bytes, at: 0 };
  const values: number[] = [];
  while (cursor.at < bytes.length) values.push(readVarint(cursor));
  return values;
}

/** A float of four bytes. */
export function floatOf({ bytes }: Field): number {
  if (bytes.length !== 4) throw new RangeError('A message has a float of another length than four bytes.');
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
}

/** A text in UTF-8. */
export function textOfField({ bytes }: Field): string {
  return new TextDecoder().decode(bytes);
}

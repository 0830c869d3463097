import { joinBytes, utf8 } from './bytes.ts';

/**
 * Fields of a message of Protocol Buffers (https://protobuf.dev/programming-guides/encoding), each as its bytes; a
 * message is its fields, one after another. A library with code generated from `.proto` files would be larger than
 * these functions by a hundred times.
 */

/** Types of encoded values. */
const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/** A field of an integer from 0 to 2^53, of an enum or of a flag. */
export function int(field: number, value: number): Uint8Array {
  return joinBytes([key(field, VARINT), varint(value)]);
}

export function double(field: number, value: number): Uint8Array {
  return joinBytes([key(field, FIXED_64), doubleBytes(value)]);
}

export function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joinBytes([key(field, FIXED_32), bytes]);
}

export function text(field: number, value: string): Uint8Array {
  return bytes(field, utf8(value));
}

export function bytes(field: number, value: Uint8Array): Uint8Array {
  return joinBytes([key(field, BYTES), varint(value.length), value]);
}

/** A field that is a message itself. */
export function message(field: number, ...fields: readonly Uint8Array[]): Uint8Array {
  return bytes(field, joinBytes(fields));
}

/** A repeated field of doubles. */
export function doubles(field: number, values: readonly number[]): Uint8Array {
  return bytes(field, joinBytes(values.map(doubleBytes)));
}

function doubleBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return bytes;
}

function key(field: number, type: number): Uint8Array {
  return varint(field * 8 + type);
}

/** Seven bits per byte, the lowest first; the highest bit says that more follow. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

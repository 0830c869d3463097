import type { FloatType } from '../floatTypes.ts';
import type { ByteReader } from './byteReader.ts';

/** Type of the values of a dataset or an attribute. */
export type Datatype =
  | { readonly kind: 'float'; readonly type: FloatType; readonly bytes: number; readonly bigEndian: boolean }
  /** Text of a fixed length. */
  | { readonly kind: 'text'; readonly bytes: number }
  /** Text in a heap. */
  | { readonly kind: 'long text'; readonly bytes: number }
  | { readonly kind: 'other'; readonly bytes: number };

const [FLOAT, TEXT, SEQUENCE] = [1, 3, 9];

/** Bits of the exponent of each type of numbers, by its bytes. */
const FLOATS: readonly (readonly [bytes: number, exponent: number, type: FloatType])[] = [
  [2, 5, 'float16'],
  [2, 8, 'bfloat16'],
  [4, 8, 'float32'],
  [8, 11, 'float64'],
];

export function readDatatype(reader: ByteReader): Datatype {
  const kind = reader.u8() & 15;
  const bits = reader.u8();
  reader.skip(2);
  const bytes = reader.u32();
  if (kind === TEXT) return { kind: 'text', bytes };
  if (kind === SEQUENCE) return { kind: (bits & 15) === 1 ? 'long text' : 'other', bytes };
  if (kind !== FLOAT) return { kind: 'other', bytes };
  reader.skip(5);
  const exponent = reader.u8();
  const found = FLOATS.find(([size, width]) => size === bytes && width === exponent);
  // Bit 6 is set for the byte order of VAX.
  if (!found || bits & 64) return { kind: 'other', bytes };
  return { kind: 'float', type: found[2], bytes, bigEndian: (bits & 1) === 1 };
}

/** The bytes of numbers, little-endian. */
export function valueBytes(
  bytes: Uint8Array,
  { bytes: width, bigEndian }: { readonly bytes: number; readonly bigEndian: boolean },
): Uint8Array {
  if (!bigEndian) return bytes;
  const turned = new Uint8Array(bytes.length);
  for (let start = 0; start < bytes.length; start += width)
    for (let byte = 0; byte < width; byte++) turned[start + byte] = bytes[start + width - 1 - byte]!;
  return turned;
}

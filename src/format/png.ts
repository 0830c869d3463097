import { joinBytes, utf8 } from './bytes.ts';
import { crc32 } from './crc32.ts';

/** The first bytes of a PNG file. */
export const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A chunk of a PNG file with its length and its checksum. */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const content = joinBytes([utf8(type), data]);
  return joinBytes([bigEndian(data.length), content, bigEndian(crc32(content))]);
}

/** Unsigned integers of 32 bits, the high byte first. */
export function bigEndian(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setUint32(4 * i, value));
  return bytes;
}

/**
 * A PNG file with 8 bits for each of red, green and blue.
 * @param lines compressed lines of pixels (zlib), each after its filter byte
 */
export function pngBytes(width: number, height: number, lines: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = joinBytes([bigEndian(width, height), Uint8Array.of(8, 2, 0, 0, 0)]);
  return joinBytes([
    PNG_SIGNATURE,
    pngChunk('IHDR', header),
    pngChunk('IDAT', lines),
    pngChunk('IEND', new Uint8Array(0)),
  ]);
}

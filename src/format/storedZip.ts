import { joinBytes, utf8 } from './bytes.ts';
import { crc32 } from './crc32.ts';

/** Limits of a zip file without the extension Zip64. */
const MAX_BYTES = 0xffffffff;
const MAX_ENTRIES = 0xffff;

/** 1 January 1980, midnight, as zip files store it: the same files make the same bytes at any time. */
const DATE = 0x21;
/** Flag of an entry whose name is UTF-8. */
const UTF8_NAME = 0x800;
const VERSION = 20;

/**
 * A zip file of files by name, which are stored, not compressed.
 * @returns undefined if it would exceed the 4 GB of a zip file, or have too many entries
 */
export function storedZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> | undefined {
  if (files.size > MAX_ENTRIES) return undefined;
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  const add = (piece: Uint8Array) => {
    pieces.push(piece);
    offset += piece.length;
  };
  for (const [name, data] of files) {
    const file = utf8(name);
    const facts = joinBytes([
      words(VERSION, UTF8_NAME, 0, 0, DATE),
      longs(crc32(data), data.length, data.length),
      words(file.length, 0),
    ]);
    directory.push(longs(0x02014b50), words(VERSION), facts, words(0, 0, 0), longs(0, offset), file);
    add(joinBytes([longs(0x04034b50), facts, file]));
    add(data);
    if (offset > MAX_BYTES) return undefined;
  }
  const entries = joinBytes(directory);
  const end = [longs(0x06054b50), words(0, 0, files.size, files.size), longs(entries.length, offset), words(0)];
  return joinBytes([...pieces, entries, ...end]);
}

function words(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value & 0xff, (value >> 8) & 0xff]));
}

function longs(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff)));
}

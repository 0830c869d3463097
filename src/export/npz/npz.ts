import { phrase, PhrasedError } from '../../phrases/phrase.ts';
import { joinBytes, utf8 } from '../../format/bytes.ts';
import { crc32 } from '../../format/crc32.ts';
import { npyBytes, type NumpyArray } from './npy.ts';

/** Arrays by name. `numpy.load` returns them under these names. */
export type NamedArrays = ReadonlyMap<string, NumpyArray>;

/** Limits of a zip file without the extension Zip64. */
const MAX_BYTES = 0xffffffff;
const MAX_ENTRIES = 0xffff;

/** 1 January 1980, midnight, as zip files store it: the same arrays make the same bytes at any time. */
const DATE = 0x21;
/** Flag of an entry whose name is UTF-8. */
const UTF8_NAME = 0x800;
const VERSION = 20;

/**
 * Arrays in the format `.npz`: a zip file of one `.npy` file per array. They are stored, not compressed, as
 * `numpy.savez` does.
 * @throws PhrasedError if the file would exceed the 4 GB of a zip file
 */
export function npzBytes(arrays: NamedArrays): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  const add = (piece: Uint8Array) => {
    pieces.push(piece);
    offset += piece.length;
  };
  for (const [name, array] of arrays) {
    const data = npyBytes(array);
    const file = utf8(`${name}.npy`);
    const facts = joinBytes([
      words(VERSION, UTF8_NAME, 0, 0, DATE),
      longs(crc32(data), data.length, data.length),
      words(file.length, 0),
    ]);
    directory.push(longs(0x02014b50), words(VERSION), facts, words(0, 0, 0), longs(0, offset), file);
    add(joinBytes([longs(0x04034b50), facts, file]));
    add(data);
    if (offset > MAX_BYTES || arrays.size > MAX_ENTRIES)
      throw new PhrasedError(phrase('The arrays exceed the 4 GB of a zip file. Export fewer runs at once.'));
  }
  const entries = joinBytes(directory);
  const end = [longs(0x06054b50), words(0, 0, arrays.size, arrays.size), longs(entries.length, offset), words(0)];
  return joinBytes([...pieces, entries, ...end]);
}

function words(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value & 0xff, (value >> 8) & 0xff]));
}

function longs(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff)));
}

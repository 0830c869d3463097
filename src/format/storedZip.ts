import { joinBytes, utf8 } from './bytes.ts';
import { crc32 } from './crc32.ts';

/** Limits of a zip file without the extension Zip64; a field with this value is in the extension. */
const MAX_BYTES = 0xffffffff;
const MAX_ENTRIES = 0xffff;

/** 1 January 1980, midnight, as zip files store it: the same files make the same bytes at any time. */
const DATE = 0x21;
/** Flag of an entry whose name is UTF-8. */
const UTF8_NAME = 0x800;
/** Versions of the format that a reader needs, without and with Zip64. */
const [VERSION, VERSION_64] = [20, 45];
/** Kind of the extra field with sizes and places of 64 bits. */
const EXTRA_64 = 1;

/** A file of an archive. */
export interface StoredEntry {
  readonly name: string;
  /** Number of bytes. */
  readonly size: number;
  readonly crc: number;
}

/**
 * The parts of a zip file between its files, which are stored, not compressed. The caller writes them and the files one
 * after another, so that an archive of any size needs little memory. Zip64 is used where the archive needs it.
 */
export class StoredZipParts {
  readonly #directory: Uint8Array[] = [];
  #offset = 0;
  #entries = 0;

  /** Bytes of the archive so far, with those of all announced files. */
  get size(): number {
    return this.#offset;
  }

  /** Number of announced files. */
  get entries(): number {
    return this.#entries;
  }

  /** Announces the next file. @returns the bytes to write before its bytes */
  next({ name, size, crc }: StoredEntry): Uint8Array {
    const file = utf8(name);
    const offset = this.#offset;
    const [isLarge, isFar] = [size >= MAX_BYTES, offset >= MAX_BYTES];
    const sizes = isLarge ? [size, size] : [];
    const facts = (extra: Uint8Array, needs64: boolean) =>
      joinBytes([
        words(needs64 ? VERSION_64 : VERSION, UTF8_NAME, 0, 0, DATE),
        longs(crc, ...(isLarge ? [MAX_BYTES, MAX_BYTES] : [size, size])),
        words(file.length, extra.length),
      ]);
    const local = extra64(sizes);
    const central = extra64(isFar ? [...sizes, offset] : sizes);
    this.#directory.push(
      ...[longs(0x02014b50), words(VERSION), facts(central, isLarge || isFar), words(0, 0, 0)],
      ...[longs(0, isFar ? MAX_BYTES : offset), file, central],
    );
    const header = joinBytes([longs(0x04034b50), facts(local, isLarge), file, local]);
    this.#offset += header.length + size;
    this.#entries++;
    return header;
  }

  /** The end of the archive: its directory. */
  end(): Uint8Array<ArrayBuffer> {
    const directory = joinBytes(this.#directory);
    const [count, bytes, offset] = [this.#entries, directory.length, this.#offset];
    const needs64 = count >= MAX_ENTRIES || offset >= MAX_BYTES || bytes >= MAX_BYTES;
    const [entries, ...places] = needs64 ? [MAX_ENTRIES, MAX_BYTES, MAX_BYTES] : [count, bytes, offset];
    const far = needs64
      ? [
          ...[longs(0x06064b50), quads(44), words(VERSION_64, VERSION_64), longs(0, 0)],
          ...[quads(count, count, bytes, offset), longs(0x07064b50, 0), quads(offset + bytes), longs(1)],
        ]
      : [];
    const last = [longs(0x06054b50), words(0, 0, entries ?? 0, entries ?? 0), longs(...places), words(0)];
    return joinBytes([directory, ...far, ...last]);
  }
}

/**
 * A zip file of files by name, which are stored, not compressed.
 * @returns undefined if it would exceed the 4 GB of a zip file, or have too many entries
 */
export function storedZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> | undefined {
  if (files.size > MAX_ENTRIES) return undefined;
  const parts = new StoredZipParts();
  const pieces: Uint8Array[] = [];
  for (const [name, data] of files) {
    pieces.push(parts.next({ name, size: data.length, crc: crc32(data) }), data);
    if (parts.size > MAX_BYTES) return undefined;
  }
  return joinBytes([...pieces, parts.end()]);
}

/** The extra field of Zip64; empty without values. */
function extra64(values: readonly number[]): Uint8Array {
  return values.length === 0 ? new Uint8Array() : joinBytes([words(EXTRA_64, 8 * values.length), quads(...values)]);
}

function words(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value & 0xff, (value >> 8) & 0xff]));
}

function longs(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff)));
}

/** Whole numbers of 64 bits, below 2 ** 53. */
function quads(...values: readonly number[]): Uint8Array {
  return longs(...values.flatMap((value) => [value % 2 ** 32, Math.floor(value / 2 ** 32)]));
}

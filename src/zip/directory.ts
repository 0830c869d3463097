import { ALWAYS_ALLOWED, LARGEST_RATIO, leavesArchive, MOST_ENTRIES } from '../format/archiveLimits.ts';
import { formatBytes } from '../format/bytes.ts';
import { phrase } from '../phrases/phrase.ts';
import type { Reads } from './reads.ts';
import { notWhole, ZipError } from './zipError.ts';

/** A file in an archive. */
export interface ZipEntry {
  /** Path in the archive, with `/` between folders. */
  readonly name: string;
  /** Bytes, unpacked. */
  readonly size: number;
  readonly packedSize: number;
  /** How it is packed: `STORED`, `DEFLATED` or another method, which is not supported. */
  readonly method: number;
  /** CRC of the unpacked bytes; 0 if it was not computed. */
  readonly crc: number;
  /** Place of its local header. */
  readonly offset: number;
  /** Whether the archive says that it is a symbolic link, whose bytes are its target. */
  readonly isLink: boolean;
}

/** An archive whose directory is read. */
export interface ZipFile {
  /** Its name, for errors. */
  readonly name: string;
  /** Its bytes. */
  readonly size: number;
}

export const [STORED, DEFLATED] = [0, 8];

/** Bytes of the directory of an archive. */
const LARGEST_DIRECTORY = 2 ** 27;
/** Folder that macOS adds with what it knows about the files. */
const ABOUT_FILES = '__MACOSX/';

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
/** Bytes of the record at the end, and the longest comment after it. */
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const CENTRAL_BYTES = 46;
/** Bytes of the header before the packed bytes of an entry, without its name. */
export const LOCAL_BYTES = 30;
const IS_UTF8 = 0x800;
/** In the upper half of the attributes of an entry: kind of the file on Unix, and that of a symbolic link. */
const [FILE_KIND, SYMBOLIC_LINK] = [0xf000, 0xa000];

/** True for the first bytes of a ZIP archive. */
export function isZip(head: Uint8Array): boolean {
  const [p, k, third, fourth] = head;
  return p === 0x50 && k === 0x4b && ((third === 3 && fourth === 4) || (third === 5 && fourth === 6));
}

/**
 * Reads the directory of an archive: its files, in its order.
 * @throws ZipError for a damaged archive, a path that leads out of it, a path twice, and more entries or bytes than the
 *   limits allow
 */
export function* readDirectory(file: ZipFile): Reads<ZipEntry[]> {
  try {
    const { count, bytes, offset } = yield* findDirectory(file);
    if (count > MOST_ENTRIES)
      throw new ZipError(phrase('"{0}" has more than {1} entries. Split it.', file.name, MOST_ENTRIES));
    if (bytes > LARGEST_DIRECTORY || offset + bytes > file.size) throw notWhole(file.name);
    return checkedEntries(file, entriesOf(yield { start: offset, end: offset + bytes }, count, file.name));
  } catch (error) {
    // A record that goes on after the end of the directory.
    if (error instanceof RangeError) throw notWhole(file.name);
    throw error;
  }
}

/** The entries that are files. @throws ZipError for those that lead out of the archive, share bytes, or grow too much */
function checkedEntries({ name: archive, size }: ZipFile, entries: readonly ZipEntry[]): ZipEntry[] {
  const out = entries.find(({ name }) => leavesArchive(name));
  if (out)
    throw new ZipError(phrase('"{0}" is refused: its entry "{1}" has a path that leads out of it.', archive, out.name));
  const files = entries.filter(({ name }) => !name.endsWith('/') && !name.startsWith(ABOUT_FILES));
  const names = new Set<string>();
  let unpacked = 0;
  for (const entry of files) {
    if (names.has(entry.name))
      throw new ZipError(phrase('"{0}" has the entry "{1}" twice. Pack it again.', archive, entry.name));
    names.add(entry.name);
    unpacked += entry.size;
  }
  refuseOverlaps(archive, files, size);
  if (unpacked > Math.max(ALWAYS_ALLOWED, LARGEST_RATIO * size))
    throw new ZipError(
      phrase(
        '"{0}" is refused: its entries would have {1}, unpacked, which is too much for an archive of {2}. Unpack it yourself if you trust it.',
        archive,
        formatBytes(unpacked),
        formatBytes(size),
      ),
    );
  return files;
}

/** @throws ZipError for entries with the same packed bytes, which could be unpacked many times, or beyond the end */
function refuseOverlaps(archive: string, files: readonly ZipEntry[], size: number): void {
  const inOrder = [...files].sort((a, b) => a.offset - b.offset);
  for (const [at, { name, offset, packedSize }] of inOrder.entries()) {
    const end = offset + LOCAL_BYTES + packedSize;
    const next = inOrder[at + 1];
    if (end > size) throw notWhole(archive);
    if (next && next.offset < end)
      throw new ZipError(
        phrase('"{0}" is refused: its entries "{1}" and "{2}" have the same bytes.', archive, name, next.name),
      );
  }
}

/** @throws RangeError, or ZipError for a damaged directory */
function entriesOf(directory: Uint8Array, count: number, archive: string): ZipEntry[] {
  const data = viewOf(directory);
  let at = 0;
  return Array.from({ length: count }, () => {
    if (data.getUint32(at, true) !== CENTRAL) throw notWhole(archive);
    const [nameLength, extraLength, commentLength] = [
      data.getUint16(at + 28, true),
      data.getUint16(at + 30, true),
      data.getUint16(at + 32, true),
    ];
    const nameEnd = at + CENTRAL_BYTES + nameLength;
    const name = nameOf(
      directory.subarray(at + CENTRAL_BYTES, nameEnd),
      (data.getUint16(at + 8, true) & IS_UTF8) !== 0,
    );
    const entry = {
      // Archives of Windows separate folders with backslashes.
      name: name.replaceAll('\\', '/'),
      method: data.getUint16(at + 10, true),
      crc: data.getUint32(at + 16, true),
      isLink: (data.getUint16(at + 40, true) & FILE_KIND) === SYMBOLIC_LINK,
      ...sizesOf(data, at, nameEnd, extraLength),
    };
    at = nameEnd + extraLength + commentLength;
    return entry;
  });
}

/** Number, bytes and place of the entries in the directory of an archive. */
function* findDirectory(file: ZipFile): Reads<{ count: number; bytes: number; offset: number }> {
  const start = Math.max(0, file.size - END_BYTES - LONGEST_COMMENT);
  const tail = viewOf(yield { start, end: file.size });
  let at = tail.byteLength - END_BYTES;
  while (at >= 0 && tail.getUint32(at, true) !== END) at--;
  if (at < 0) throw notWhole(file.name);
  const [count, bytes, offset] = [
    tail.getUint16(at + 10, true),
    tail.getUint32(at + 12, true),
    tail.getUint32(at + 16, true),
  ];
  const needs64 = count === 0xffff || bytes === FULL || offset === FULL;
  const locator = at - 20;
  if (!needs64 || locator < 0 || tail.getUint32(locator, true) !== LOCATOR_64) return { count, bytes, offset };
  const record = Number(tail.getBigUint64(locator + 8, true));
  if (!(record + 56 <= file.size)) throw notWhole(file.name);
  const end = viewOf(yield { start: record, end: record + 56 });
  if (end.getUint32(0, true) !== END_64) throw notWhole(file.name);
  return {
    count: Number(end.getBigUint64(32, true)),
    bytes: Number(end.getBigUint64(40, true)),
    offset: Number(end.getBigUint64(48, true)),
  };
}

const FULL = 0xffffffff;

/** Sizes and place of an entry, which are in an extra field if they are large. */
function sizesOf(
  data: DataView,
  at: number,
  extra: number,
  extraLength: number,
): Pick<ZipEntry, 'size' | 'packedSize' | 'offset'> {
  const values = {
    size: data.getUint32(at + 24, true),
    packedSize: data.getUint32(at + 20, true),
    offset: data.getUint32(at + 42, true),
  };
  for (let place = extra; place + 4 <= extra + extraLength; place += 4 + data.getUint16(place + 2, true)) {
    if (data.getUint16(place, true) !== 1) continue;
    let next = place + 4;
    for (const key of ['size', 'packedSize', 'offset'] as const) {
      if (values[key] !== FULL) continue;
      values[key] = Number(data.getBigUint64(next, true));
      next += 8;
    }
  }
  return values;
}

/** Old archives have names in code page 437, of which only ASCII is certain: other names are mostly in UTF-8, too. */
function nameOf(bytes: Uint8Array, isUtf8: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: !isUtf8 }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

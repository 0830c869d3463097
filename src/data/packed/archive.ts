import { phrase } from '../../phrases/phrase.ts';
import {
  ALWAYS_ALLOWED,
  LARGEST_RATIO,
  leavesArchive,
  MEMORY_SHARE,
  MOST_ENTRIES,
} from '../../format/archiveLimits.ts';
import { crc32 } from '../../format/crc32.ts';
import { formatBytes } from '../../format/bytes.ts';
import { inflated } from '../../platform/compression.ts';
import { memoryLimit } from '../../platform/system.ts';
import { InputError } from '../inputError.ts';
import type { ByteFile } from './byteFile.ts';

/** A file in an archive. */
export interface ArchiveEntry {
  /** Path in the archive, with `/` between folders. */
  readonly name: string;
  /** Bytes, unpacked. */
  readonly size: number;
  readonly packedSize: number;
  readonly method: number;
  readonly crc: number;
  /** Place of its local header. */
  readonly offset: number;
}

/** Bytes of the directory of an archive. */
const LARGEST_DIRECTORY = 2 ** 27;
/** Folder that macOS adds with what it knows about the files. */
const ABOUT_FILES = '__MACOSX/';

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** Longest comment after the end of a directory, and the record before it. */
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const [STORED, DEFLATED] = [0, 8];
const [ENCRYPTED, IS_UTF8] = [1, 0x800];

/** True for the first bytes of a ZIP archive. */
export function isArchive(head: Uint8Array): boolean {
  const [p, k, third, fourth] = head;
  return p === 0x50 && k === 0x4b && ((third === 3 && fourth === 4) || (third === 5 && fourth === 6));
}

/**
 * A ZIP archive, whose entries are unpacked into memory one by one when they are read. Nothing is written.
 */
export class Archive {
  /** The files, sorted by name, by code unit. */
  readonly entries: readonly ArchiveEntry[];
  readonly #file: ByteFile;
  readonly #byName: ReadonlyMap<string, ArchiveEntry>;

  /**
   * @throws InputError for a damaged archive, a path that leads out of it, and more entries or bytes than the limits
   *   allow
   */
  static async open(file: ByteFile): Promise<Archive> {
    try {
      return new Archive(file, await readDirectory(file));
    } catch (error) {
      if (error instanceof RangeError) throw damaged(file.path, error);
      throw error;
    }
  }

  private constructor(file: ByteFile, entries: readonly ArchiveEntry[]) {
    this.#file = file;
    this.entries = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.#byName = new Map(entries.map((entry) => [entry.name, entry]));
  }

  /** The archive without the one folder that all of its files are in, if there is one. */
  withoutRoot(): Archive {
    const [root = ''] = /^[^/]*\//.exec(this.entries[0]?.name ?? '') ?? [];
    if (root === '' || !this.entries.every(({ name }) => name.startsWith(root))) return this;
    return new Archive(
      this.#file,
      this.entries.map((entry) => ({ ...entry, name: entry.name.slice(root.length) })),
    );
  }

  get(name: string): ArchiveEntry | undefined {
    return this.#byName.get(name);
  }

  /** The content of an entry. @throws InputError for a damaged or encrypted one */
  async read({ name, size, packedSize, method, crc, offset }: ArchiveEntry): Promise<Uint8Array> {
    const file = this.#file;
    const most = memoryLimit() / MEMORY_SHARE;
    if (size > most)
      throw new InputError(
        'unreadable',
        phrase(
          '"{0}": its entry {1} has {2}, unpacked, but may have {3} here. Split it.',
          file.path,
          name,
          formatBytes(size),
          formatBytes(most),
        ),
      );
    const header = view(await file.read(offset, offset + 30));
    if (header.byteLength < 30 || header.getUint32(0, true) !== LOCAL) throw damaged(file.path);
    if ((header.getUint16(6, true) & ENCRYPTED) !== 0)
      throw new InputError(
        'unreadable',
        phrase('"{0}" has a password: its entry {1} is encrypted. Unpack it first.', file.path, name),
      );
    const start = offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
    const packed = await file.read(start, start + packedSize);
    if (packed.length < packedSize) throw damaged(file.path);
    if (method !== STORED && method !== DEFLATED)
      throw new InputError(
        'unreadable',
        phrase(
          '"{0}" packs its entry {1} in a way that is not supported (method {2}). Pack it with deflate.',
          file.path,
          name,
          method,
        ),
      );
    const bytes = method === STORED ? packed : await inflated(packed, size).catch(() => undefined);
    if (bytes?.length !== size || crc32(bytes) !== crc)
      throw new InputError(
        'unreadable',
        phrase('"{0}" is damaged: its entry {1} cannot be unpacked. Download or pack it again.', file.path, name),
      );
    return bytes;
  }
}

function damaged(path: string, cause?: unknown): InputError {
  return new InputError('unreadable', phrase('"{0}" is not a whole ZIP archive. Download or pack it again.', path), {
    cause,
  });
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The entries of an archive that are files. */
async function readDirectory(file: ByteFile): Promise<ArchiveEntry[]> {
  const { path, size } = file;
  const { count, bytes, offset } = await findDirectory(file);
  if (count > MOST_ENTRIES)
    throw new InputError('unreadable', phrase('"{0}" has more than {1} entries. Split it.', path, MOST_ENTRIES));
  if (bytes > LARGEST_DIRECTORY || offset + bytes > size) throw damaged(path);
  const directory = await file.read(offset, offset + bytes);
  const data = view(directory);
  const entries: ArchiveEntry[] = [];
  const names = new Set<string>();
  let [unpacked, packed, at] = [0, 0, 0];
  for (let index = 0; index < count; index++) {
    if (at + 46 > data.byteLength || data.getUint32(at, true) !== CENTRAL) throw damaged(path);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => data.getUint16(at + place, true)) as [
      number,
      number,
      number,
    ];
    const nameBytes = directory.subarray(at + 46, at + 46 + nameLength);
    const isUtf8 = (data.getUint16(at + 8, true) & IS_UTF8) !== 0;
    // Archives of Windows separate folders with backslashes.
    const name = nameOf(nameBytes, isUtf8).replaceAll('\\', '/');
    const entry = {
      name,
      method: data.getUint16(at + 10, true),
      crc: data.getUint32(at + 16, true),
      ...sizesOf(data, at, at + 46 + nameLength, extraLength),
    };
    at += 46 + nameLength + extraLength + commentLength;
    if (leavesArchive(name))
      throw new InputError(
        'unreadable',
        phrase('"{0}" is refused: its entry "{1}" has a path that leads out of it.', path, name),
      );
    if (name.endsWith('/') || name.startsWith(ABOUT_FILES)) continue;
    if (names.has(name))
      throw new InputError('unreadable', phrase('"{0}" has the entry "{1}" twice. Pack it again.', path, name));
    names.add(name);
    unpacked += entry.size;
    packed += entry.packedSize;
    if (entry.offset + 30 + entry.packedSize > size) throw damaged(path);
    entries.push(entry);
  }
  // Entries that overlap share their packed bytes.
  if (packed > size || unpacked > Math.max(ALWAYS_ALLOWED, LARGEST_RATIO * size))
    throw new InputError(
      'unreadable',
      phrase(
        '"{0}" is refused: its entries would have {1}, unpacked, which is too much for an archive of {2}. Unpack it yourself if you trust it.',
        path,
        formatBytes(unpacked),
        formatBytes(size),
      ),
    );
  return entries;
}

/** Number, bytes and place of the entries in the directory of an archive. */
async function findDirectory(file: ByteFile): Promise<{ count: number; bytes: number; offset: number }> {
  const start = Math.max(0, file.size - END_BYTES - LONGEST_COMMENT);
  const tail = view(await file.read(start, file.size));
  let at = tail.byteLength - END_BYTES;
  while (at >= 0 && tail.getUint32(at, true) !== END) at--;
  if (at < 0) throw damaged(file.path);
  const [count, bytes, offset] = [
    tail.getUint16(at + 10, true),
    tail.getUint32(at + 12, true),
    tail.getUint32(at + 16, true),
  ];
  const needs64 = count === 0xffff || bytes === 0xffffffff || offset === 0xffffffff;
  const locator = at - 20;
  if (!needs64 || locator < 0 || tail.getUint32(locator, true) !== LOCATOR_64) return { count, bytes, offset };
  const record = Number(tail.getBigUint64(locator + 8, true));
  if (!(record + 56 <= file.size)) throw damaged(file.path);
  const end = view(await file.read(record, record + 56));
  if (end.getUint32(0, true) !== END_64) throw damaged(file.path);
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
): Pick<ArchiveEntry, 'size' | 'packedSize' | 'offset'> {
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

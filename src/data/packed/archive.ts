import { inflated, inflatedChunks } from '../../platform/compression.ts';
import { readDirectory, STORED, type ZipEntry } from '../../zip/directory.ts';
import { checkedBytes, checkedChunks, packedBytes, packedRange } from '../../zip/entry.ts';
import { readLater, type Reads } from '../../zip/reads.ts';
import { ZipError } from '../../zip/zipError.ts';
import { InputError } from '../inputError.ts';
import type { ByteFile } from './byteFile.ts';

/** Packed bytes that are read at a time. */
const CHUNK_BYTES = 2 ** 16;

/**
 * A ZIP archive, whose entries are unpacked into memory one by one when they are read. Nothing is written.
 */
export class Archive {
  /** The files, sorted by name, by code unit. */
  readonly entries: readonly ZipEntry[];
  readonly #file: ByteFile;
  readonly #byName: ReadonlyMap<string, ZipEntry>;

  /**
   * @throws InputError for a damaged archive, a path that leads out of it, and more entries or bytes than the limits
   *   allow
   */
  static async open(file: ByteFile): Promise<Archive> {
    return new Archive(file, await reading(file, readDirectory({ name: file.path, size: file.size })));
  }

  private constructor(file: ByteFile, entries: readonly ZipEntry[]) {
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

  get(name: string): ZipEntry | undefined {
    return this.#byName.get(name);
  }

  /** The content of an entry. @throws InputError for a damaged or encrypted one */
  async read(entry: ZipEntry): Promise<Uint8Array> {
    const { path: name, size } = this.#file;
    const packed = await reading(this.#file, packedBytes({ name, size }, entry));
    const bytes = entry.method === STORED ? packed : await inflated(packed, entry.size).catch(() => undefined);
    try {
      return checkedBytes(name, entry, bytes);
    } catch (error) {
      throw inputError(error);
    }
  }

  /**
   * The content of an entry, in chunks that are unpacked as they are needed. If the beginning of an entry is enough, the
   * rest is neither read nor checked.
   * @throws InputError for a damaged or encrypted one
   */
  async *chunks(entry: ZipEntry): AsyncGenerator<Uint8Array> {
    const { path: name, size } = this.#file;
    const { start, end } = await reading(this.#file, packedRange({ name, size }, entry));
    const packed = rangeChunks(this.#file, start, end);
    try {
      yield* checkedChunks(name, entry, entry.method === STORED ? packed : inflatedChunks(packed));
    } catch (error) {
      throw inputError(error);
    }
  }
}

async function* rangeChunks(file: ByteFile, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += CHUNK_BYTES) yield file.read(at, Math.min(at + CHUNK_BYTES, end));
}

async function reading<T>(file: ByteFile, reads: Reads<T>): Promise<T> {
  try {
    return await readLater(reads, async (start, end) => file.read(start, end));
  } catch (error) {
    throw inputError(error);
  }
}

function inputError(error: unknown): unknown {
  return error instanceof ZipError ? new InputError('unreadable', error.text, { cause: error }) : error;
}

import { join } from 'node:path';
import * as z from 'zod';
import { fileChunks, type Files, isMissing } from '../platform/files.ts';
import { newSha256, sha256Hex, sha256InTurns } from '../platform/hashing.ts';
import { textOf } from '../phrases/causes.ts';
import { phrase, PhrasedError, type Text } from '../phrases/phrase.ts';
import { readAgain } from './readAgain.ts';
import { utf8Length } from '../platform/bytes.ts';

/**
 * Lengths and hashes of the files of a run. Each folder that is replaced as a whole (`model/`, `checkpoints/step-N/`,
 * `initial/`) has its own manifest, so that one rename replaces the files and what is recorded of them. A single
 * manifest in the run's folder would differ from its files after a crash between two writes.
 */

/** Name of the manifest in a folder. */
export const MANIFEST = 'integrity.json';

/** Notice of a run without hashes that was resumed. */
export const WITHOUT_HASHES = phrase(
  'The run was written by an earlier version, without hashes of its files: damage before this resume cannot be seen.',
);

/** A file of a run is missing or not as it was written. */
export class DamagedRunError extends PhrasedError {
  override readonly name = 'DamagedRunError';
}

export const recordedSchema = z.object({ bytes: z.int().nonnegative(), sha256: z.string() });
const manifestSchema = z.object({ version: z.literal(1), files: z.record(z.string(), recordedSchema) });

/** Length and hash of a file. */
export type Recorded = z.output<typeof recordedSchema>;

export async function recordedOf(data: string | Uint8Array): Promise<Recorded> {
  return { bytes: typeof data === 'string' ? utf8Length(data) : data.length, sha256: await sha256InTurns(data) };
}

/** The manifest of a folder with these files. */
export function manifestOf(files: Readonly<Record<string, Recorded>>): string {
  return `${JSON.stringify({ version: 1, files } satisfies z.input<typeof manifestSchema>, undefined, 2)}\n`;
}

/** A folder whose files are compared with its manifest when they are read. */
export class CheckedFolder {
  readonly #folder: string;
  readonly #files: Files;
  /** Undefined in a run of an earlier version. */
  readonly #recorded: Readonly<Record<string, Recorded>> | undefined;

  /** @throws DamagedRunError if the manifest itself is damaged */
  static async open(folder: string, files: Files): Promise<CheckedFolder> {
    const path = join(folder, MANIFEST);
    const bytes = await readAgain(async () => files.readText(path)).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    if (bytes === undefined) return new CheckedFolder(folder, undefined, files);
    try {
      return new CheckedFolder(folder, manifestSchema.parse(JSON.parse(bytes)).files, files);
    } catch (error) {
      throw new DamagedRunError(phrase('{0} is damaged.', path), { cause: error });
    }
  }

  /** The folder as it is, for a reader that compares the files with others. */
  static unchecked(folder: string, files: Files): CheckedFolder {
    return new CheckedFolder(folder, undefined, files);
  }

  private constructor(folder: string, recorded: Readonly<Record<string, Recorded>> | undefined, files: Files) {
    this.#folder = folder;
    this.#recorded = recorded;
    this.#files = files;
  }

  /** False in a run of an earlier version, whose damage cannot be seen. */
  get hasManifest(): boolean {
    return this.#recorded !== undefined;
  }

  /** Whether the manifest names a file. */
  has(name: string): boolean {
    return this.#recorded !== undefined && Object.hasOwn(this.#recorded, name);
  }

  /** Reads a file. @throws DamagedRunError if it is missing or differs from the manifest */
  async read(name: string): Promise<Uint8Array> {
    const path = join(this.#folder, name);
    const bytes = await readWhole(path, async () => this.#files.read(path));
    if (!this.#recorded) return bytes;
    const recorded = this.#recorded[name];
    if (!recorded) throw damaged(path, phrase('it is not in {0}', MANIFEST));
    assertSame(path, { bytes: bytes.length, sha256: sha256Hex(bytes) }, recorded);
    return bytes;
  }

  /**
   * Reads every file of the manifest, piece by piece: an archive may have models that do not fit into memory.
   * @throws DamagedRunError that names the first damaged one
   */
  async check(): Promise<void> {
    for (const [name, recorded] of Object.entries(this.#recorded ?? {})) {
      const path = join(this.#folder, name);
      assertSame(path, await readWhole(path, async () => recordedIn(path)), recorded);
    }
  }
}

/** Bytes that are read at a time. */
const CHUNK_BYTES = 2 ** 20;

/**
 * Length and hash of a file, or of its beginning, which is not in memory as a whole.
 * @param length bytes of the beginning
 */
export async function recordedIn(path: string, length = Infinity): Promise<Recorded> {
  const hash = newSha256();
  let bytes = 0;
  for await (const chunk of fileChunks(path, CHUNK_BYTES)) {
    const part = chunk.subarray(0, length - bytes);
    hash.update(part);
    bytes += part.length;
    if (bytes === length) break;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** @throws DamagedRunError if a file is missing */
async function readWhole<Content>(path: string, read: () => Promise<Content>): Promise<Content> {
  return readAgain(read).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    throw new DamagedRunError(phrase('{0} is missing.', path), { cause: error });
  });
}

/** Compares a file with what was recorded of it. @throws DamagedRunError if it differs */
export function assertSame(path: string, found: Recorded, recorded: Recorded): void {
  if (found.bytes !== recorded.bytes)
    throw damaged(path, phrase('it has {0} bytes instead of {1}', found.bytes, recorded.bytes));
  if (found.sha256 !== recorded.sha256) throw damaged(path, phrase('its content has changed since it was written'));
}

function damaged(path: string, damage: Text): DamagedRunError {
  return new DamagedRunError(phrase('{0} is damaged: {1}.', path, damage));
}

/** Codes of the system for files that are gone or cannot be read any more. */
const DAMAGE_CODES: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EIO']);

/**
 * Whether an error says that a file is damaged. Others, such as missing permissions or a lack of memory, say nothing
 * about the file, which must not be given up because of them.
 */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof Error) || isLackOfMemory(error)) return false;
  if ('code' in error && typeof error.code === 'string' && 'syscall' in error) return DAMAGE_CODES.has(error.code);
  return error.cause === undefined || error instanceof SyntaxError || isDamage(error.cause);
}

/** JavaScript has no code for it; WebGPU and TensorFlow report a lack of device memory in their own words. */
function isLackOfMemory({ message }: Error): boolean {
  return /allocat|array length|string length|out of memory|\boom\b/i.test(message);
}

/** Line of JSON that contains the hash of the rest of it; it is JSON with one more field. @param json of an object */
export function withHash(json: string): string {
  return `{"sha256":"${sha256Hex(json)}",${json.slice(1)}`;
}

/**
 * The JSON that `withHash` was given; JSON without a hash, of an earlier version, is returned unchanged.
 * @throws DamagedRunError if it differs from the hash
 */
export function withoutHash(text: string, path: string): string {
  const [head = '', hash = ''] = /^\{"sha256":"([0-9a-f]{64})",/.exec(text) ?? [];
  if (head === '') return text;
  const json = `{${text.slice(head.length)}`;
  if (sha256Hex(json) === hash) return json;
  throw damaged(path, phrase('its content has changed since it was written'));
}

/** Says that a model cannot be used, and how to get it back. @param run folder of the run */
export function damagedModel(run: string, error: unknown): DamagedRunError {
  return new DamagedRunError(
    phrase(
      'The model of the run {0} is damaged: {1} To restore it from the newest whole checkpoint: sequence-lab restore "{0}"',
      run,
      textOf(error),
    ),
    { cause: error },
  );
}

import { basename, dirname, join } from 'node:path';
import { MOST_ENTRIES } from '../../format/archiveLimits.ts';
import { crc32 } from '../../format/crc32.ts';
import { StoredZipParts } from '../../format/storedZip.ts';
import { isFull, textOf, UnusableError } from '../../phrases/causes.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { disk, type Files } from '../../platform/files.ts';
import { joinBytes } from '../../platform/bytes.ts';
import { randomHex } from '../../platform/hashing.ts';
import { UNFINISHED } from '../atomic.ts';
import { lockHolder } from '../lock.ts';
import { nameRefusal } from './archivedRuns.ts';
import { checkRun } from './checkRun.ts';
import { CHUNK_BYTES, firstBytes } from './copyFile.ts';
import { type RunFile, runFiles } from './runFiles.ts';
import { snapshotOfRun } from './snapshotOfRun.ts';

/** A run that was left out, and why. */
export interface RefusedRun {
  readonly run: string;
  readonly reason: Text;
}

export interface ArchiveOptions {
  readonly files?: Files;
  /** Called before each run. */
  readonly tell?: (run: string, index: number, count: number) => void;
  /** Ends the work, which then leaves nothing behind that is incomplete. */
  readonly signal?: AbortSignal | undefined;
}

/** What an archive has. */
export interface ExportedRuns {
  /** Ids of the runs in the archive. */
  readonly written: readonly string[];
  readonly refused: readonly RefusedRun[];
}

/**
 * Writes runs into a ZIP archive, each as a folder of its id, with all of its lasting files. Runs are compared with their
 * hashes before, and damaged ones are left out. A run in training is written up to its last checkpoint.
 * @param folders folders of the runs
 * @param target path of the archive, which replaces an existing file when it is complete; nothing is written if all runs
 *   are left out
 * @throws Error of the system, for a run that was changed meanwhile, and for too many files; nothing is left then
 */
export async function writeRunArchive(
  folders: readonly string[],
  target: string,
  { files = disk, tell = () => undefined, signal }: ArchiveOptions = {},
): Promise<ExportedRuns> {
  const unfinished = join(dirname(target), `${UNFINISHED}${randomHex(8)}`);
  await files.createFolder(unfinished);
  try {
    const writer = new ArchiveWriter(join(unfinished, 'archive.zip'), files);
    const written = new Set<string>();
    const refused: RefusedRun[] = [];
    for (const [index, folder] of folders.entries()) {
      const run = basename(folder);
      signal?.throwIfAborted();
      tell(run, index, folders.length);
      const prepared = written.has(run) ? TWICE : await prepare(folder, join(unfinished, 'snapshot'), files);
      if ('reason' in prepared) refused.push({ run, reason: prepared.reason });
      else {
        for (const file of prepared.found) {
          signal?.throwIfAborted();
          await writer.add(`${run}/${file.path}`, join(prepared.source, file.path), file);
        }
        written.add(run);
      }
      await files.remove(join(unfinished, 'snapshot'));
    }
    if (written.size === 0) return { written: [], refused };
    await writer.finish();
    await files.rename(join(unfinished, 'archive.zip'), target);
    await files.syncFolder(dirname(target));
    return { written: [...written], refused };
  } finally {
    await files.remove(unfinished);
  }
}

const TWICE = { reason: phrase('The archive has another run of this id.') };

/** A run that is whole: the folder to read it from, and its files. */
interface WholeRun {
  readonly source: string;
  readonly found: readonly RunFile[];
}

/** @returns the run, or why it is left out */
async function prepare(folder: string, copy: string, files: Files): Promise<WholeRun | { readonly reason: Text }> {
  try {
    const source = await wholeRun(folder, copy, files);
    return { source, found: await checkedFiles(basename(folder), source, files) };
  } catch (error) {
    // The archive could not be written either.
    if (isFull(error)) throw error;
    return { reason: textOf(error) };
  }
}

/** The folder to read a run from: a copy if the run is being trained. */
async function wholeRun(folder: string, copy: string, files: Files): Promise<string> {
  if ((await lockHolder(folder, files)) === undefined) return folder;
  await snapshotOfRun(folder, copy, files);
  return copy;
}

/** The files of a run that is whole. @throws DamagedRunError, or UnusableError for a name that an archive cannot have */
async function checkedFiles(run: string, folder: string, files: Files): Promise<RunFile[]> {
  await checkRun(folder, files);
  const found = await runFiles(folder, files);
  const strange = found.find(({ path }) => path.includes('\\'));
  if (strange)
    throw new UnusableError(
      phrase('The name of the file "{0}" has a backslash, which an archive cannot have.', strange.path),
    );
  // The import would refuse it.
  const refusal = nameRefusal(
    run,
    found.map(({ path }) => path),
  );
  if (refusal !== undefined) throw new UnusableError(refusal);
  return found;
}

/** Writes an archive of stored files piece by piece. */
class ArchiveWriter {
  readonly #path: string;
  readonly #files: Files;
  readonly #parts = new StoredZipParts();
  #pending: Uint8Array[] = [];
  #bytes = 0;

  constructor(path: string, files: Files) {
    this.#path = path;
    this.#files = files;
  }

  /** @throws UnusableError for a file that has changed since it was listed, and for too many files */
  async add(name: string, path: string, { size }: RunFile): Promise<void> {
    if (this.#parts.entries === MOST_ENTRIES)
      throw new UnusableError(
        phrase('The runs have more than {0} files, the most of an archive. Export fewer runs at a time.', MOST_ENTRIES),
      );
    // A file of one chunk is read once, a larger one twice: its CRC comes before its bytes.
    const chunks: Uint8Array[] = [];
    let crc = 0;
    for await (const chunk of firstBytes(path, size)) {
      crc = crc32(chunk, crc);
      if (size <= CHUNK_BYTES) chunks.push(chunk);
    }
    await this.#write(this.#parts.next({ name, size, crc }));
    let [length, sum] = [0, 0];
    for await (const chunk of size <= CHUNK_BYTES ? chunks : firstBytes(path, size)) {
      length += chunk.length;
      sum = crc32(chunk, sum);
      await this.#write(chunk);
    }
    if (length !== size || sum !== crc)
      throw new UnusableError(phrase('{0} was changed while it was exported. Export the run again.', path));
  }

  async finish(): Promise<void> {
    this.#pending.push(this.#parts.end());
    await this.#files.appendFlushed(this.#path, joinBytes(this.#pending));
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#pending.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes < CHUNK_BYTES) return;
    await this.#files.append(this.#path, joinBytes(this.#pending));
    [this.#pending, this.#bytes] = [[], 0];
  }
}

import { basename, dirname, join } from 'node:path';
import { isFull, meaningOfFull, textOf, UnusableError } from '../../phrases/causes.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { inflatedChunks } from '../../platform/compression.ts';
import { disk, exists, fileChunks, fileInfo, type Files, isTaken, readRange } from '../../platform/files.ts';
import { joinBytes, sameBytes } from '../../platform/bytes.ts';
import { readDirectory, STORED, type ZipEntry, type ZipFile } from '../../zip/directory.ts';
import { checkedChunks, packedRange } from '../../zip/entry.ts';
import { readLater } from '../../zip/reads.ts';
import { ZipError } from '../../zip/zipError.ts';
import { ANNOTATION_FILES } from '../annotations.ts';
import { RECORD_FILE } from '../record.ts';
import { type ArchivedRun, archivedRuns } from './archivedRuns.ts';
import { checkRun } from './checkRun.ts';
import { CHUNK_BYTES, writeChunks } from './copyFile.ts';
import { inOrder, type NamedRun } from './namedRuns.ts';
import { hashWithoutIds, namedRuns, type NewIds, withIds } from './renumbered.ts';
import { runFiles } from './runFiles.ts';
import { createUnpackFolder, removeAbandoned } from './unpackFolder.ts';
import type { ArchiveOptions, RefusedRun } from './writeArchive.ts';

/** What became of the runs of an archive, by their ids in it. */
export interface ImportedRuns {
  /** Runs that the store has now, and their ids there: others where the store has another run of that id. */
  readonly imported: readonly { readonly run: string; readonly id: string }[];
  /** Runs that the store had already, and their ids there. */
  readonly skipped: readonly { readonly run: string; readonly id: string }[];
  readonly refused: readonly RefusedRun[];
}

/**
 * Takes the runs of a ZIP archive into a run store. Each one is unpacked next to the store, compared with its hashes and
 * then moved as a whole, so that the store has all of a run or nothing. Damaged and strange runs are refused, the others
 * are imported. When the disk is full, the runs that remain are refused.
 * @param archive path of the archive
 * @param runs folder of the runs
 * @throws UnusableError for a file that is no such archive
 */
export async function importRunArchive(
  archive: string,
  runs: string,
  { files = disk, tell = () => undefined, signal }: ArchiveOptions = {},
): Promise<ImportedRuns> {
  const opened = await OpenArchive.open(archive);
  const home = dirname(runs);
  await files.makeFolder(runs);
  await removeAbandoned(home, files);
  const named = await parentsFirst(opened);
  const workplace = await createUnpackFolder(home, files);
  const unpacked = join(workplace.path, 'run');
  const imported: { run: string; id: string }[] = [];
  const skipped: { run: string; id: string }[] = [];
  const refused: RefusedRun[] = [];
  const outcomes = new Map<ArchivedRun, string | undefined>();
  let full: Text | undefined;
  try {
    for (const [index, { archived, others }] of named.entries()) {
      const { run, refusal } = archived;
      if (signal?.aborted) break;
      tell(run, index, named.length);
      try {
        if (full !== undefined) throw new UnusableError(full);
        if (refusal !== undefined) throw new UnusableError(refusal);
        const ids = idsOf(others, outcomes);
        await unpack(opened, archived, unpacked, { files, signal });
        await checkRun(unpacked, files);
        const { id, isThere } = await place(unpacked, { runs, run, ids }, files);
        outcomes.set(archived, id);
        (isThere ? skipped : imported).push({ run, id });
      } catch (error) {
        if (signal?.aborted) break;
        full ??= meaningOfFull(error);
        outcomes.set(archived, undefined);
        refused.push({ run, reason: textOf(error) });
      } finally {
        await files.remove(unpacked);
      }
    }
  } finally {
    await workplace.remove();
  }
  return { imported, skipped, refused };
}

/**
 * New ids of the runs that a run names.
 * @param outcomes ids in the store of the runs before; undefined for a refused one, whose id the run keeps
 * @throws UnusableError if one of them comes later, which is so only where runs name each other in a circle
 */
function idsOf(
  others: ReadonlyMap<string, ArchivedRun>,
  outcomes: ReadonlyMap<ArchivedRun, string | undefined>,
): Map<string, string> {
  const ids = new Map<string, string>();
  for (const [name, other] of others) {
    if (!outcomes.has(other))
      throw new UnusableError(phrase('It and the run "{0}" name each other as the run before.', name));
    const id = outcomes.get(other);
    if (id !== undefined) ids.set(name, id);
  }
  return ids;
}

/** The runs of an archive, those that others name first, so that their ids in the store are known. */
async function parentsFirst(archive: OpenArchive): Promise<NamedRun[]> {
  const names = new Map<ArchivedRun, readonly string[]>();
  for (const archived of archive.runs) names.set(archived, await archive.namedBy(archived));
  return inOrder(names);
}

/** Most bytes of a record that is read before its run is unpacked. */
const LARGEST_RECORD = 2 ** 24;

/** An archive of runs on disk. */
class OpenArchive {
  readonly runs: readonly ArchivedRun[];
  readonly #path: string;
  readonly #file: ZipFile;

  /** @throws UnusableError for a damaged archive, one that the limits refuse, and one without runs */
  static async open(path: string): Promise<OpenArchive> {
    const file = { name: basename(path), size: (await fileInfo(path)).size };
    try {
      const entries = await readLater(readDirectory(file), async (start, end) => readRange(path, start, end));
      const runs = archivedRuns(entries);
      if (runs.length === 0)
        throw new UnusableError(phrase('"{0}" has no runs: no folder in it has a run.json.', file.name));
      return new OpenArchive(path, file, runs);
    } catch (error) {
      throw error instanceof ZipError ? new UnusableError(error.text, { cause: error }) : error;
    }
  }

  private constructor(path: string, file: ZipFile, runs: readonly ArchivedRun[]) {
    this.#path = path;
    this.#file = file;
    this.runs = runs;
  }

  /** Ids of the runs that a run names; none if its record cannot be read. */
  async namedBy({ files, refusal }: ArchivedRun): Promise<readonly string[]> {
    const record = files.get(RECORD_FILE);
    if (refusal !== undefined || !record || record.size > LARGEST_RECORD) return [];
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of this.chunks(record)) chunks.push(chunk);
      return namedRuns(new TextDecoder().decode(joinBytes(chunks)), record.name);
    } catch {
      // The run is refused when it is unpacked.
      return [];
    }
  }

  /** The content of an entry, in chunks. @throws ZipError for a damaged or encrypted one */
  async *chunks(entry: ZipEntry): AsyncGenerator<Uint8Array> {
    const read = async (start: number, end: number) => readRange(this.#path, start, end);
    const { start, end } = await readLater(packedRange(this.#file, entry), read);
    const packed = ranges(start, end, read);
    yield* checkedChunks(this.#file.name, entry, entry.method === STORED ? packed : inflatedChunks(packed));
  }
}

async function* ranges(
  from: number,
  to: number,
  read: (start: number, end: number) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; at += CHUNK_BYTES) yield read(at, Math.min(at + CHUNK_BYTES, to));
}

/** Unpacks a run into a new folder, which survives a power cut then. */
async function unpack(
  archive: OpenArchive,
  { files: entries }: ArchivedRun,
  folder: string,
  { files, signal }: { readonly files: Files; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const folders = new Set([folder]);
  await files.makeFolder(folder);
  for (const [path, entry] of entries) {
    signal?.throwIfAborted();
    const target = join(folder, path);
    for (let above = dirname(target); !folders.has(above); above = dirname(above)) folders.add(above);
    await files.makeFolder(dirname(target));
    await writeChunks(target, archive.chunks(entry), files);
  }
  for (const each of folders) await files.syncFolder(each);
}

interface Place {
  readonly runs: string;
  /** Id in the archive. */
  readonly run: string;
  /** Ids in the store of the runs that it names, by those in the archive. */
  readonly ids: ReadonlyMap<string, string>;
}

/** Moves a run into the store, under its id or, if another run has it, a new one. @returns its id, and whether it was there */
async function place(
  unpacked: string,
  { runs, run, ids }: Place,
  files: Files,
): Promise<{ readonly id: string; readonly isThere: boolean }> {
  const record = await files.readText(join(unpacked, RECORD_FILE));
  for (let number = 1; ; number++) {
    const id = number === 1 ? run : `${run}-${number}`;
    const folder = join(runs, id);
    if (await exists(folder)) {
      if (await isSameRun(folder, unpacked, files)) return { id, isThere: true };
      continue;
    }
    await writeIds(unpacked, record, { id: id === run ? undefined : id, others: new Map([...ids, [run, id]]) }, files);
    const isMoved = await files.rename(unpacked, folder).then(
      () => true,
      (error: unknown) => {
        if (!isTaken(error)) throw error;
        return false;
      },
    );
    if (!isMoved) continue;
    await files.syncFolder(runs);
    return { id, isThere: false };
  }
}

/** Writes new ids into the record of a run. @param text of the record as it was */
async function writeIds(folder: string, text: string, ids: NewIds, files: Files): Promise<void> {
  const path = join(folder, RECORD_FILE);
  const changed = withIds(text, path, ids);
  if (changed !== (await files.readText(path))) await files.writeFlushed(path, changed);
}

/** What users add to a run, and may change. */
const ADDED: ReadonlySet<string> = new Set(Object.values(ANNOTATION_FILES));

/** Whether two runs have the same files, apart from ids and what users have added. */
async function isSameRun(folder: string, other: string, files: Files): Promise<boolean> {
  try {
    const [mine, others] = [await comparedFiles(folder, files), await comparedFiles(other, files)];
    if (mine.length !== others.length) return false;
    for (const [index, { path, size }] of mine.entries()) {
      if (others[index]?.path !== path || others[index].size !== size) return false;
      if (!(await sameContent(join(folder, path), join(other, path)))) return false;
    }
    const hashes = [folder, other].map(async (each) => {
      const path = join(each, RECORD_FILE);
      return hashWithoutIds(await files.readText(path), path);
    });
    const [first, second] = await Promise.all(hashes);
    return first === second;
  } catch (error) {
    // What is there is no run, or is damaged.
    if (isFull(error)) throw error;
    return false;
  }
}

async function comparedFiles(folder: string, files: Files) {
  return (await runFiles(folder, files)).filter(({ path }) => path !== RECORD_FILE && !ADDED.has(path));
}

/** Whether two files of one size have the same bytes. */
async function sameContent(a: string, b: string): Promise<boolean> {
  const others = fileChunks(b, CHUNK_BYTES);
  for await (const chunk of fileChunks(a, CHUNK_BYTES)) {
    const { value, done } = await others.next();
    if (done === true || !sameBytes(chunk, value)) {
      await others.return(undefined);
      return false;
    }
  }
  await others.return(undefined);
  return true;
}

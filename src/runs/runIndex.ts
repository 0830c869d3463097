import { dirname, join } from 'node:path';
import * as z from 'zod';
import { disk, exists, type Files, fileStamps, isMissing } from '../platform/files.ts';
import { yieldToEventLoop } from '../platform/system.ts';
import { annotatedRun, NO_ANNOTATIONS } from '../protocol/annotations.ts';
import { ANNOTATION_FILES, readableAnnotations, type ReadableAnnotations } from './annotations.ts';
import { IndexFile } from './indexFile.ts';
import { lockHolder } from './lock.ts';
import { parseRecord, readRecord, storedRecord } from './record.ts';
import type { ListedRun } from './runStore.ts';
import { textOf } from '../phrases/causes.ts';
import { say } from '../phrases/phrase.ts';

/** A run in the index. */
export type IndexedRun = ListedRun & ReadableAnnotations;

/** A folder that cannot be read as a run. */
export interface UnreadableRun {
  readonly folder: string;
  readonly reason: string;
}

export interface RunListing {
  /** Newest first. A run is the same object as long as nothing in it has changed. */
  readonly runs: readonly IndexedRun[];
  readonly unreadable: readonly UnreadableRun[];
}

export interface RunIndexOptions {
  readonly files?: Files;
  /**
   * Age in milliseconds from which on the time of a file's last change tells its versions apart. A younger file may have
   * been changed twice within one tick of the file system's clock, so it is read again.
   */
  readonly settled?: number;
}

const SETTLED_MS = 2000;
/** Milliseconds of looking at files after which other work of the process has its turn. */
const TURN_MS = 8;
/** Number of runs that are read at a time. */
const PARALLEL = 16;
/** The index is written if more runs than these have changed: a fraction of all, or a number. The rest is read again. */
const WORTH_WRITING = { fraction: 0.02, number: 100 } as const;
/** Entries in the file, for each run, from which on it is written anew. */
const MOST_ENTRIES = 2;

/** Files of a run that lists show: the lock, the record, and what the user has added. */
const SHOWN_FILES = ['lock', 'run.json', ...Object.values(ANNOTATION_FILES)];

interface Entry {
  /** Stamps of the files of the run when it was read. */
  readonly stamps: string;
  readonly isSettled: boolean;
  readonly run: IndexedRun;
}

const line = z.object({ name: z.string(), stamps: z.string(), record: z.unknown(), annotations: annotatedRun });

/**
 * List of all runs, which reads only the runs whose files have changed since the last time. The folders of the runs are
 * the truth: the index, in memory and in `index.jsonl` next to the folder of the runs, is made again if it is missing,
 * damaged or of another version. Several processes may write the file.
 */
export class RunIndex {
  readonly #folder: string;
  readonly #files: Files;
  readonly #settled: number;
  readonly #file: IndexFile;
  #entries = new Map<string, Entry>();
  #isLoaded = false;
  /** Names of the runs whose entries the file does not have. */
  readonly #unwritten = new Set<string>();

  /** @param runs folder of the runs */
  constructor(runs: string, { files = disk, settled = SETTLED_MS }: RunIndexOptions = {}) {
    this.#folder = runs;
    this.#files = files;
    this.#settled = settled;
    this.#file = new IndexFile(join(dirname(runs), 'index.jsonl'), runs, files);
  }

  /** All runs, and the folders that cannot be read as a run. */
  async list(): Promise<RunListing> {
    if (!this.#isLoaded) await this.#load();
    this.#isLoaded = true;
    const names = await this.#names();
    const changed = await this.#outdated(names);
    const unreadable = await this.#read(changed);
    this.#dropExcept(names);
    await this.#write();
    const runs = [...this.#entries.values()].map(({ run }) => run);
    return { runs: runs.sort(newestFirst), unreadable };
  }

  async #names(): Promise<string[]> {
    const entries = await this.#files.list(this.#folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    return entries.flatMap(({ name, isFolder }) => (isFolder ? name : []));
  }

  /** The runs to read, with the stamps of their files, which are older than what will be read. */
  async #outdated(names: readonly string[]): Promise<Map<string, Stamps>> {
    const outdated = new Map<string, Stamps>();
    let turn = performance.now();
    for (const name of names) {
      const stamps = await stampsOf(join(this.#folder, name));
      const known = this.#entries.get(name);
      if (!known?.isSettled || known.stamps !== stamps.all) outdated.set(name, stamps);
      else if (stamps.isLocked || known.run.holder !== undefined) await this.#checkHolder(name, known);
      if (performance.now() - turn < TURN_MS) continue;
      await yieldToEventLoop();
      turn = performance.now();
    }
    return outdated;
  }

  /** A process that holds a lock may have ended. */
  async #checkHolder(name: string, { run, ...others }: Entry): Promise<void> {
    const holder = await lockHolder(run.folder, this.#files);
    if (holder !== run.holder) this.#entries.set(name, { ...others, run: { ...run, holder } });
  }

  /** @returns the folders that are not runs */
  async #read(changed: ReadonlyMap<string, Stamps>): Promise<UnreadableRun[]> {
    const unreadable: UnreadableRun[] = [];
    const queue = [...changed];
    const readNext = async () => {
      for (let next = queue.pop(); next; next = queue.pop()) {
        const [name, stamps] = next;
        const found = await this.#readRun(join(this.#folder, name), stamps);
        if (found && 'record' in found) this.#set(name, stamps, found);
        else this.#entries.delete(name);
        if (found && 'reason' in found) unreadable.push(found);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, readNext));
    return unreadable.sort((a, b) => a.folder.localeCompare(b.folder));
  }

  /** @returns undefined for a run that was removed, or is being prepared: it has a lock, but no run.json yet */
  async #readRun(folder: string, { isLocked, isAnnotated }: Stamps): Promise<IndexedRun | UnreadableRun | undefined> {
    const files = this.#files;
    try {
      const record = await readRecord(folder, files);
      const holder = isLocked ? await lockHolder(folder, files) : undefined;
      const added = isAnnotated ? await readableAnnotations(folder, files) : NONE_ADDED;
      return { folder, record, holder, ...added };
    } catch (error) {
      if (!(await exists(folder)) || (await lockHolder(folder, files).catch(() => undefined)) !== undefined)
        return undefined;
      return { folder, reason: reasonOf(error) };
    }
  }

  #set(name: string, stamps: Stamps, run: IndexedRun): void {
    const entry = this.#entries.get(name);
    const known = entry?.run;
    const isSame = known !== undefined && JSON.stringify(known) === JSON.stringify(run);
    const isSettled = Date.now() - stamps.changed > this.#settled;
    // What is young or damaged is read again.
    const isStorable = isSettled && run.problem === undefined;
    if (!isStorable) this.#unwritten.delete(name);
    // Other stamps of the same content, such as those of a restored backup, would make the next process read it again.
    else if (!isSame || !entry?.isSettled || entry.stamps !== stamps.all) this.#unwritten.add(name);
    this.#entries.set(name, { stamps: stamps.all, isSettled, run: isSame ? known : run });
  }

  #dropExcept(names: readonly string[]): void {
    const kept = new Set(names);
    for (const name of this.#entries.keys()) {
      if (kept.has(name)) continue;
      this.#entries.delete(name);
      this.#unwritten.delete(name);
    }
  }

  async #load(): Promise<void> {
    let turn = performance.now();
    try {
      for await (const each of this.#file.read()) {
        const entry = entryOf(each, this.#folder);
        if (entry) this.#entries.set(...entry);
        if (performance.now() - turn < TURN_MS) continue;
        await yieldToEventLoop();
        turn = performance.now();
      }
    } catch {
      // What could not be read is made again.
    }
  }

  /** Writes what the file does not have, unless that is little. A store that cannot be written to is read each time. */
  async #write(): Promise<void> {
    const [size, changed] = [this.#entries.size, this.#unwritten.size];
    if (changed <= Math.min(WORTH_WRITING.fraction * size, WORTH_WRITING.number)) return;
    const before = await this.#file.entries();
    const isAppended = before !== undefined && before + changed <= MOST_ENTRIES * size;
    const written = isAppended
      ? this.#file.append(this.#lines(this.#unwritten))
      : this.#file.write(this.#lines(this.#entries.keys()));
    await written.catch(() => undefined);
    this.#unwritten.clear();
  }

  /** Entries of the file. */
  *#lines(names: Iterable<string>): Generator<object> {
    for (const name of names) {
      const entry = this.#entries.get(name);
      if (!entry?.isSettled || entry.run.problem !== undefined) continue;
      const { record, annotations } = entry.run;
      yield { name, stamps: entry.stamps, record: storedRecord(record), annotations };
    }
  }
}

const NONE_ADDED: ReadableAnnotations = { annotations: NO_ANNOTATIONS, problem: undefined };

/** Stamps of the files of a run. A file that is created while the run is read changes them. */
interface Stamps {
  readonly all: string;
  readonly isLocked: boolean;
  readonly isAnnotated: boolean;
  /** Time of the last change of any of the files, in milliseconds. */
  readonly changed: number;
}

async function stampsOf(folder: string): Promise<Stamps> {
  const [lock, ...others] = await fileStamps(SHOWN_FILES.map((name) => join(folder, name)));
  const [, ...annotations] = others;
  return {
    all: others.map(({ stamp }) => stamp).join(' '),
    isLocked: lock !== undefined && lock.stamp !== '',
    isAnnotated: annotations.some(({ stamp }) => stamp !== ''),
    changed: Math.max(...others.map(({ changed }) => changed)),
  };
}

/** An entry of the file; undefined if it has another form than this version writes. The lock is read when it is listed. */
function entryOf(content: unknown, runs: string): [string, Entry] | undefined {
  const { data } = line.safeParse(content);
  if (!data) return undefined;
  const { name, stamps, annotations } = data;
  const folder = join(runs, name);
  try {
    const record = parseRecord(data.record, folder);
    const run = { folder, record, holder: undefined, annotations, problem: undefined };
    return [name, { stamps, isSettled: true, run }];
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  return say(textOf(error));
}

function newestFirst({ record: a, folder }: IndexedRun, { record: b, folder: other }: IndexedRun): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? 1 : -1;
  return folder < other ? -1 : Number(folder > other);
}

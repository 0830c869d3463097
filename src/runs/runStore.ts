import { basename, dirname, join } from 'node:path';
import { disk, type Files, isMissing } from '../platform/files.ts';
import { randomHex } from '../platform/hashing.ts';
import { createFolderSynced } from './atomic.ts';
import { lockHolder } from './lock.ts';
import { readRecord, type RunRecord } from './record.ts';
import { UnusableError, textOf } from '../phrases/causes.ts';
import { phrase, say } from '../phrases/phrase.ts';

/** A run in a list of runs. */
export interface ListedRun {
  readonly folder: string;
  readonly record: RunRecord;
  /** The pid of the process that trains it, if any. A run in the state "running" without one was interrupted. */
  readonly holder: number | undefined;
}

/**
 * A new run's folder name: time, name of the data and four random characters, such as `20261123-141503-hamlet-1f0a`.
 */
export function newRunId(name: string, now: Date): string {
  const time = now
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(/[-:]/g, '')
    .replace('T', '-');
  const stem = basename(name)
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-');
  const slug = stem.replaceAll(/^-+|-+$/g, '').slice(0, 40) || 'text';
  return `${time}-${slug}-${randomHex(2)}`;
}

/** The lock of a run, or a candidate for it. */
const LOCK = /^lock(?:\.\d+\..*)?$/;
/** Names in the folder of a run before it has a record; the last two were not renamed yet. */
const PREPARED =
  /^(?:lock(?:\..*)?|data|documents|text\.txt(?:\.\d+\.tmp)?|initial(?:\.new|\.old)?|run\.json\.\d+\.tmp)$/;

/**
 * Creates a run's folder. It may have what is left of a run whose process was killed while it prepared it.
 * @throws UnusableError if the folder cannot be created, or has anything else
 */
export async function createRunFolder(folder: string, files: Files): Promise<void> {
  const isNew = await createFolder(folder, files).catch((error: unknown) => {
    throw cannotCreate(folder, error);
  });
  if (!isNew)
    assertFree(
      folder,
      (await files.list(folder)).map(({ name }) => name),
    );
}

/** Creates a folder and its missing parents. @returns whether it is certain to be new */
async function createFolder(folder: string, files: Files): Promise<boolean> {
  try {
    return await createFolderSynced(folder, files);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await files.makeFolder(folder);
    await files.syncFolder(dirname(folder));
    return false;
  }
}

function assertFree(folder: string, names: readonly string[]): void {
  const wasPrepared = names.some((name) => LOCK.test(name)) && names.every((name) => PREPARED.test(name));
  if (names.length > 0 && !wasPrepared) throw notEmpty(folder);
}

function cannotCreate(folder: string, error: unknown): UnusableError {
  return new UnusableError(phrase('The folder {0} for the run cannot be created. {1}', folder, textOf(error)), {
    cause: error,
  });
}

/** Checks a folder for a new run before anything is prepared. @throws UnusableError as `createRunFolder` */
export async function checkRunFolder(folder: string, files: Files): Promise<void> {
  const names = await files.list(folder).then(
    (entries) => entries.map(({ name }) => name),
    (error: unknown) => {
      if (isMissing(error)) return [];
      throw cannotCreate(folder, error);
    },
  );
  assertFree(folder, names);
}

/**
 * Removes what is left of a run whose process was killed while it prepared it. The caller holds the lock.
 * @throws UnusableError if the folder has a run
 */
export async function removeUnprepared(folder: string, files: Files): Promise<void> {
  const names = (await files.list(folder)).map(({ name }) => name);
  if (!names.every((name) => PREPARED.test(name))) throw notEmpty(folder);
  for (const name of names) if (!name.startsWith('lock')) await files.remove(join(folder, name));
}

function notEmpty(folder: string): UnusableError {
  return new UnusableError(
    phrase('{0} is not empty. Choose another folder for the run, or resume the run in it.', folder),
  );
}

/** All runs in a folder, newest first, and the folders that cannot be read as a run. */
export async function listRuns(
  runs: string,
  files: Files = disk,
): Promise<{ runs: ListedRun[]; unreadable: { folder: string; reason: string }[] }> {
  const entries = await files.list(runs).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const listed: ListedRun[] = [];
  const unreadable: { folder: string; reason: string }[] = [];
  for (const entry of entries) {
    if (!entry.isFolder) continue;
    const folder = join(runs, entry.name);
    try {
      listed.push({ folder, record: await readRecord(folder, files), holder: await lockHolder(folder, files) });
    } catch (error) {
      // A run that is being prepared has a lock, but no run.json yet.
      if ((await lockHolder(folder, files).catch(() => undefined)) !== undefined) continue;
      unreadable.push({ folder, reason: say(textOf(error)) });
    }
  }
  listed.sort((a, b) => b.record.createdAt.localeCompare(a.record.createdAt));
  return { runs: listed, unreadable };
}

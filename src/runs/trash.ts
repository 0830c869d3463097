import { basename, dirname, join } from 'node:path';
import { phrase, PhrasedError } from '../phrases/phrase.ts';
import { disk, exists, type Files, isMissing } from '../platform/files.ts';
import { RunLock } from './lock.ts';
import { readRecord } from './record.ts';

/**
 * Deleted runs: `trash/N/ID`, next to the folder of the runs. N counts up, so that a run that is deleted later has a
 * higher number, and two runs of one name do not meet. Moving a folder on one disk does not touch its contents.
 */
export interface TrashedRun {
  readonly id: string;
  /** Folder in the trash. */
  readonly folder: string;
}

/** Folder of the deleted runs of a run store. @param runs folder of the runs */
export function trashFolder(runs: string): string {
  return join(dirname(runs), 'trash');
}

/**
 * Moves a run of the run store into the trash.
 * @throws RunLockedError while it is being trained
 * @throws Error if the folder is not a run
 */
export async function trashRun(folder: string, files: Files = disk): Promise<TrashedRun> {
  await readRecord(folder, files);
  const id = basename(folder);
  const trash = trashFolder(dirname(folder));
  // While the run is locked, no trainer can begin to write to it.
  const lock = await RunLock.acquire(folder, files);
  const number = Math.max(0, ...(await numbersIn(trash, files))) + 1;
  const moved = { id, folder: join(trash, String(number), id) };
  try {
    await files.makeFolder(dirname(moved.folder));
    await files.rename(folder, moved.folder);
  } catch (error) {
    await lock.release();
    throw error;
  }
  await files.remove(join(moved.folder, 'lock'));
  await files.syncFolder(dirname(moved.folder));
  await files.syncFolder(dirname(folder));
  return moved;
}

/**
 * Moves a run from the trash back to the run store.
 * @param runs folder of the runs
 * @returns folder of the run
 * @throws Error if the store has a run of this name
 */
export async function restoreRun({ id, folder }: TrashedRun, runs: string, files: Files = disk): Promise<string> {
  const restored = join(runs, id);
  if (await exists(restored)) {
    throw new PhrasedError(phrase('The run "{0}" cannot be restored: {1} exists.', id, restored));
  }
  await files.makeFolder(runs);
  await files.rename(folder, restored);
  await files.syncFolder(runs);
  await files.remove(dirname(folder));
  return restored;
}

/** The runs in the trash of a run store, the one that was deleted last first. @param runs folder of the runs */
export async function listTrash(runs: string, files: Files = disk): Promise<TrashedRun[]> {
  const trash = trashFolder(runs);
  const numbers = (await numbersIn(trash, files)).sort((a, b) => b - a);
  const found: TrashedRun[] = [];
  for (const number of numbers) {
    const folder = join(trash, String(number));
    for (const { name, isFolder } of await files.list(folder)) {
      if (isFolder) found.push({ id: name, folder: join(folder, name) });
    }
  }
  return found;
}

/** Deletes one run in the trash permanently. Nothing happens if it has been restored or deleted meanwhile. */
export async function deleteTrashed({ folder }: TrashedRun, files: Files = disk): Promise<void> {
  await files.remove(folder);
  const others = await files.list(dirname(folder)).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (others?.length === 0) await files.remove(dirname(folder));
}

/** Deletes the runs in the trash permanently. @returns their number */
export async function emptyTrash(runs: string, files: Files = disk): Promise<number> {
  const trashed = await listTrash(runs, files);
  await files.remove(trashFolder(runs));
  return trashed.length;
}

async function numbersIn(trash: string, files: Files): Promise<number[]> {
  const entries = await files.list(trash).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return entries.flatMap(({ name, isFolder }) => (isFolder && /^\d+$/.test(name) ? [Number(name)] : []));
}

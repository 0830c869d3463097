import { join } from 'node:path';
import { disk, type Files, isMissing } from '../platform/files.ts';
import { folderBytes } from './archive/runFiles.ts';
import { listTrash, type TrashedRun } from './trash.ts';

/** A run of the store, or a folder that cannot be read as one, and the bytes of its files. */
export interface SizedRun {
  readonly id: string;
  readonly folder: string;
  readonly bytes: number;
}

/** What a run store uses of the disk. */
export interface StoreSpace {
  /** The largest first. */
  readonly runs: readonly SizedRun[];
  /** Runs in the trash, the largest first. */
  readonly trash: readonly (TrashedRun & SizedRun)[];
}

/** The sizes of all runs, and of those in the trash. @param runs folder of the runs */
export async function storeSpace(runs: string, files: Files = disk): Promise<StoreSpace> {
  const entries = await files.list(runs).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const folders = entries.flatMap(({ name, isFolder }) => (isFolder ? { id: name, folder: join(runs, name) } : []));
  return { runs: await sized(folders, files), trash: await sized(await listTrash(runs, files), files) };
}

/** Sum of the bytes of runs. */
export function bytesOf(runs: readonly { readonly bytes: number }[]): number {
  return runs.reduce((sum, { bytes }) => sum + bytes, 0);
}

async function sized<Run extends TrashedRun>(runs: readonly Run[], files: Files): Promise<(Run & SizedRun)[]> {
  const found: (Run & SizedRun)[] = [];
  for (const run of runs) found.push({ ...run, bytes: await folderBytes(run.folder, files) });
  return found.sort((a, b) => b.bytes - a.bytes || (a.id < b.id ? -1 : 1));
}

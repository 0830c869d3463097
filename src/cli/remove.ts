import { basename, dirname } from 'node:path';
import { emptyTrash, listTrash, restoreRun, trashFolder, type TrashedRun, trashRun } from '../runs/trash.ts';
import { candidates } from '../runs/candidates.ts';
import { ambiguous, findRun, runStore } from './findRun.ts';
import { UsageError } from './exitCodes.ts';

export interface RemoveFlags {
  readonly undo: boolean;
  readonly empty: boolean;
}

/** `sequence-lab rm`: moves runs into the trash of the run store, gives them back, or empties the trash. */
export async function removeRuns(runs: readonly string[], { undo, empty }: RemoveFlags): Promise<void> {
  if (empty) {
    if (undo || runs.length > 0)
      throw new UsageError('--empty deletes all runs in the trash. It takes no runs and no --undo.');
    const count = await emptyTrash(runStore());
    process.stdout.write(`${count} ${count === 1 ? 'run' : 'runs'} deleted permanently\n`);
    return;
  }
  if (undo) return restoreRuns(runs);
  if (runs.length === 0) throw new UsageError('Give the runs to delete, or --undo, or --empty.');
  const folders = [...new Set(runs.map(findRun))];
  const outside = folders.find((folder) => dirname(folder) !== runStore());
  if (outside !== undefined) {
    throw new UsageError(`${outside} is not in the run store ${runStore()}. Delete the folder yourself.`);
  }
  for (const folder of folders) {
    const { id } = await trashRun(folder);
    process.stdout.write(`${id} moved to the trash; "sequence-lab rm ${id} --undo" restores it\n`);
  }
}

/** Restores runs by their ids or the beginnings of their ids; without one, the run that was deleted last. */
async function restoreRuns(runs: readonly string[]): Promise<void> {
  const trashed = await listTrash(runStore());
  const [last] = trashed;
  if (!last) throw new UsageError(`There is no run in the trash ${trashFolder(runStore())}.`);
  for (const run of runs.length === 0 ? [last] : runs.map((text) => trashedRun(trashed, text))) {
    const folder = await restoreRun(run, runStore());
    process.stdout.write(`${basename(folder)} restored\n`);
  }
}

function trashedRun(trashed: readonly TrashedRun[], text: string): TrashedRun {
  const found = candidates([...new Set(trashed.map(({ id }) => id))], text, () => null);
  if (found.length > 1) throw ambiguous(text, found);
  const run = trashed.find(({ id }) => id === found[0]);
  if (!run) throw new UsageError(`There is no run "${text}" in the trash ${trashFolder(runStore())}.`);
  return run;
}

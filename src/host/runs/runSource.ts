import * as vscode from 'vscode';
import { tasks } from '../../config/tasks.ts';
import { disk, exists } from '../../platform/files.ts';
import type { RunSource } from '../../protocol/trainer.ts';
import { keptFile, snapshotOf } from '../../runs/snapshot.ts';
import type { RunModel } from './runModel.ts';

/**
 * Training data of a run, for another run on the same data: none if the task generates it, the current file, or the
 * copy that was kept with the run.
 * @throws Error if neither the file nor a copy exists
 */
export async function sourceOf({ config, sourcePath, folder, view: { name } }: RunModel): Promise<RunSource> {
  if (tasks[config.task.name].generated) return { kind: 'generated' };
  if (sourcePath !== null && exists(sourcePath)) return { kind: 'file', path: sourcePath };
  const kept = keptFile(folder, name);
  if (exists(kept)) return { kind: 'file', path: kept };
  const text = await disk.readText(snapshotOf(folder)).catch(() => undefined);
  if (text === undefined)
    throw new Error(vscode.l10n.t('The training data of "{0}" no longer exists, and the run has no copy of it.', name));
  return { kind: 'text', text, name };
}

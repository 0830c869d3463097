import * as vscode from 'vscode';
import { tasks } from '../../config/tasks.ts';
import { disk, exists } from '../../platform/files.ts';
import type { RunSource } from '../../protocol/trainer.ts';
import { keptFile, snapshotOf } from '../../runs/snapshot.ts';
import type { RunModel } from './runModel.ts';

/**
 * What a run was trained on, for another run on the same: nothing where its task generates all, its file as it is now,
 * or the copy that was kept with it.
 * @throws Error when neither is there
 */
export async function sourceOf({ config, sourcePath, folder, view: { name } }: RunModel): Promise<RunSource> {
  if (tasks[config.task.name].generated) return { kind: 'generated' };
  if (sourcePath !== null && exists(sourcePath)) return { kind: 'file', path: sourcePath };
  const kept = keptFile(folder, name);
  if (exists(kept)) return { kind: 'file', path: kept };
  const text = await disk.readText(snapshotOf(folder)).catch(() => undefined);
  if (text === undefined)
    throw new Error(vscode.l10n.t('The text of the run on "{0}" is gone, and no copy of it was kept.', name));
  return { kind: 'text', text, name };
}

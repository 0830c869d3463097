import { access, readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { tasks } from '../../config/tasks.ts';
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
  if (sourcePath !== null && (await isThere(sourcePath))) return { kind: 'file', path: sourcePath };
  const kept = keptFile(folder, name);
  if (await isThere(kept)) return { kind: 'file', path: kept };
  const text = await readFile(snapshotOf(folder), 'utf8').catch(() => undefined);
  if (text === undefined)
    throw new Error(vscode.l10n.t('The text of the run on "{0}" is gone, and no copy of it was kept.', name));
  return { kind: 'text', text, name };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

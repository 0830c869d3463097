import { join } from 'node:path';
import { tasks } from '../config/tasks.ts';
import type { RunConfig } from '../config/schema.ts';
import { disk, exists } from '../platform/files.ts';
import { globOf } from '../platform/globs.ts';
import type { RunSource } from '../protocol/trainer.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';
import { EVERY_FILE, keptDocuments, keptFile, snapshotOf } from './snapshot.ts';

/** The facts of a run that say where its data is. */
export interface RunData {
  readonly config: RunConfig;
  readonly folder: string;
  /** File with the training data; null for the text of an editor and for generated data. */
  readonly sourcePath: string | null;
  /** Name of the training data. */
  readonly name: string;
}

/**
 * Training data of a run, for another run on the same data: none if the task generates it, the current file, or the
 * copy that was kept with the run.
 * @throws Error if neither the file nor a copy exists
 */
export async function dataOfRun({ config, sourcePath, folder, name }: RunData): Promise<RunSource> {
  if (tasks[config.task.name].generated) return { kind: 'generated' };
  if (
    sourcePath !== null &&
    ((await exists(sourcePath)) || (await exists((await globOf(sourcePath))?.folder ?? sourcePath)))
  )
    return { kind: 'file', path: sourcePath };
  const kept = keptFile(folder, name);
  if (await exists(kept)) return { kind: 'file', path: kept };
  const documents = keptDocuments(folder);
  if (await exists(documents)) return { kind: 'file', path: join(documents, EVERY_FILE) };
  const text = await disk.readText(snapshotOf(folder)).catch(() => undefined);
  if (text === undefined)
    throw new PhrasedError(phrase('The training data of "{0}" no longer exists, and the run has no copy of it.', name));
  return { kind: 'text', text, name };
}

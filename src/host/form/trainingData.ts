import type { RunConfig } from '../../config/schema.ts';
import { tasks } from '../../config/tasks.ts';
import { nameOfPath } from '../../platform/globs.ts';
import { say } from '../../phrases/phrase.ts';
import type { RunSource } from '../../protocol/trainer.ts';

/** The data of a new run, and their name. */
export interface TrainingData {
  readonly source: RunSource;
  readonly name: string;
}

/** Data of a task that generates them; undefined for other tasks. */
export function generatedData({ task }: RunConfig): TrainingData | undefined {
  const { generated, title } = tasks[task.name];
  return generated ? { source: { kind: 'generated' }, name: say(title) } : undefined;
}

/** Data that a configuration itself determines: those of a task that generates them, or its training file. */
export function ownData(config: RunConfig): TrainingData | undefined {
  const { train } = config.data;
  const file: TrainingData = { source: { kind: 'file', path: train }, name: nameOfPath(train) };
  return generatedData(config) ?? (train === '' ? undefined : file);
}

/**
 * Data of a run whose configuration was edited: the given ones, unless the user has chosen another training file or
 * another task that generates its data.
 */
export function trainingDataOf(config: RunConfig, start: RunConfig, given: TrainingData): TrainingData {
  const isSame = config.data.train === start.data.train && config.task.name === start.task.name;
  return (isSame ? undefined : ownData(config)) ?? given;
}

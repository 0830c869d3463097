import { resolve } from 'node:path';
import type { RunConfig } from './schema.ts';
import type { TaskConfig } from './task.ts';

/** The fields of a configuration that name files or folders of data, by their dotted paths. */
export const dataFields = ['data.train', 'data.validation', 'task.target', 'task.wordVectors'] as const;

/** Resolves the data paths of a configuration relative to a folder. */
export function withDataFrom(folder: string, config: RunConfig): RunConfig {
  return withDataPaths(config, (path) => resolve(folder, path));
}

/** Replaces the data paths of a configuration. */
export function withDataPaths(config: RunConfig, replace: (path: string) => string): RunConfig {
  const { train, validation } = config.data;
  const whole = (path: string) => (path === '' ? '' : replace(path));
  return {
    ...config,
    task: withPaths(config.task, whole),
    data: { ...config.data, train: whole(train), validation: whole(validation) },
  };
}

/** The files and folders of data that a configuration names, by the dotted path of their field. */
export function dataPathsOf({ data, task }: RunConfig): { readonly field: string; readonly path: string }[] {
  const named = [
    { field: 'data.train', path: data.train },
    { field: 'data.validation', path: data.validation },
    ...(task.name === 'sequence-to-sequence' ? [{ field: 'task.target', path: task.target }] : []),
    ...(task.name === 'classification' ? [{ field: 'task.wordVectors', path: task.wordVectors }] : []),
  ];
  return named.filter(({ path }) => path !== '');
}

/** Resolves the file paths of a task. */
function withPaths(task: TaskConfig, whole: (path: string) => string): TaskConfig {
  if (task.name === 'sequence-to-sequence') return { ...task, target: whole(task.target) };
  if (task.name === 'classification') return { ...task, wordVectors: whole(task.wordVectors) };
  return task;
}

import type { BackendEnvironment } from '../backends/backend.ts';
import { tasks } from '../config/tasks.ts';
import { readRecord } from '../runs/record.ts';
import { reloadBackend } from './chooseBackend.ts';
import { taskKinds } from './tasks/registry.ts';

/**
 * Translates texts with a run's saved model, on the backend that it was trained with.
 * @throws Error if the run or its model cannot be read, or its task does not convert texts
 */
export async function translate(
  folder: string,
  texts: readonly string[],
  environment: BackendEnvironment,
): Promise<string[]> {
  const record = await readRecord(folder);
  const { name } = record.config.task;
  await reloadBackend(record.backend, environment);
  const stored = await taskKinds[name].open(folder, record);
  try {
    if (!stored.translate)
      throw new Error(
        `The run ${record.id} was trained for the task "${tasks[name].title}", which does not convert texts.`,
      );
    return await stored.translate(texts);
  } finally {
    stored.dispose();
  }
}

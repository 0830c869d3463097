import type { BackendEnvironment } from '../backends/backend.ts';
import { tasks } from '../config/tasks.ts';
import { readRecord } from '../runs/record.ts';
import { reloadBackend } from './chooseBackend.ts';
import { taskKinds } from './tasks/registry.ts';
import type { Evaluated, EvaluationColumns } from './tasks/storedModel.ts';

/**
 * Scores a file or folder under a run's saved model, on the backend that it was trained with.
 * @throws InputError for data that cannot be used
 * @throws Error if the run or its model cannot be read, or its task generates its data
 */
export async function evaluate(
  folder: string,
  path: string,
  columns: EvaluationColumns,
  environment: BackendEnvironment,
): Promise<Evaluated> {
  const record = await readRecord(folder);
  await reloadBackend(record.backend, environment);
  const stored = await taskKinds[record.config.task.name].open(folder, record);
  try {
    if (!stored.evaluate)
      throw new Error(
        `The task "${tasks[record.config.task.name].title}" of the run ${record.id} generates its data, so there is no file to score. See the validations of the run.`,
      );
    return await stored.evaluate(path, columns);
  } finally {
    stored.dispose();
  }
}

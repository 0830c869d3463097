import type { BackendEnvironment } from '../backends/backend.ts';
import { tasks } from '../config/tasks.ts';
import type { Evaluated, EvaluationColumns } from './tasks/storedModel.ts';
import { withStoredModel } from './withStoredModel.ts';

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
  return withStoredModel(folder, environment, async (stored, { id, config }) => {
    if (!stored.evaluate)
      throw new Error(
        `The task "${tasks[config.task.name].title}" of the run ${id} generates its data, so there is no file to score. See the validations of the run.`,
      );
    return stored.evaluate(path, columns);
  });
}

import type { BackendEnvironment } from '../backends/backend.ts';
import { ConfigError } from '../config/parse.ts';
import { tasks } from '../config/tasks.ts';
import type { Evaluated, EvaluationRequest } from './tasks/storedModel.ts';
import { withStoredModel } from './withStoredModel.ts';

/**
 * Scores a file or folder under a run's saved model, on the backend that it was trained with.
 * @throws InputError for data that cannot be used
 * @throws ConfigError for a number of streams, if the task does not read a text as streams
 * @throws Error if the run or its model cannot be read, or its task generates its data
 */
export async function evaluate(
  folder: string,
  path: string,
  request: EvaluationRequest,
  environment: BackendEnvironment,
): Promise<Evaluated> {
  return withStoredModel(folder, environment, async (stored, { id, config }) => {
    const { title } = tasks[config.task.name];
    if (request.streams !== undefined && config.task.name !== 'language-model')
      throw new ConfigError(
        `--streams applies to a ${tasks['language-model'].title}; the task of the run ${id} is ${title}.`,
      );
    if (!stored.evaluate)
      throw new Error(
        `The task "${title}" of the run ${id} generates its data, so there is no file to score. See the validations of the run.`,
      );
    return stored.evaluate(path, request);
  });
}

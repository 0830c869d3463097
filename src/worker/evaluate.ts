import type { BackendEnvironment } from '../backends/backend.ts';
import { ConfigError } from '../config/parse.ts';
import { tasks } from '../config/tasks.ts';
import type { Evaluated, EvaluationRequest } from './tasks/storedModel.ts';
import { withStoredModel } from './withStoredModel.ts';
import { UnusableError } from '../phrases/causes.ts';
import { phrase } from '../phrases/phrase.ts';

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
  return withStoredModel(
    folder,
    environment,
    async (stored, { id, config }) => {
      const { title } = tasks[config.task.name];
      if (request.streams !== undefined && config.task.name !== 'language-model')
        throw new ConfigError(
          phrase(
            '--streams applies to a {0}; the task of the run {1} is {2}.',
            tasks['language-model'].title,
            id,
            title,
          ),
        );
      if (!stored.evaluate)
        throw new UnusableError(
          phrase(
            'The task "{0}" of the run {1} generates its data, so there is no file to score. See the validations of the run.',
            title,
            id,
          ),
        );
      return stored.evaluate(path, request);
    },
    request.reading,
  );
}

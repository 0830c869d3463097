import type { BackendEnvironment } from '../backends/backend.ts';
import { tasks } from '../config/tasks.ts';
import { withStoredModel } from './withStoredModel.ts';
import { UnusableError } from '../phrases/causes.ts';
import { phrase } from '../phrases/phrase.ts';

/**
 * Translates texts with a run's saved model, on the backend that it was trained with.
 * @throws Error if the run or its model cannot be read, or its task does not convert texts
 */
export async function translate(
  folder: string,
  texts: readonly string[],
  environment: BackendEnvironment,
): Promise<string[]> {
  return withStoredModel(folder, environment, async (stored, { id, config }) => {
    if (!stored.translate)
      throw new UnusableError(
        phrase(
          'The run {0} was trained for the task "{1}", which does not convert texts.',
          id,
          tasks[config.task.name].title,
        ),
      );
    return stored.translate(texts);
  });
}

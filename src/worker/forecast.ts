import type { BackendEnvironment } from '../backends/backend.ts';
import { tasks } from '../config/tasks.ts';
import type { Forecasted, ForecastRequest } from './tasks/storedModel.ts';
import { withStoredModel } from './withStoredModel.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';

/**
 * Forecasts the steps after the last row of a file, or of the data of a run, with the run's saved model, on the backend
 * that it was trained with.
 * @throws InputError for data that cannot be used
 * @throws Error if the run or its model cannot be read, or its task does not forecast
 */
export async function forecast(
  folder: string,
  request: ForecastRequest,
  environment: BackendEnvironment,
): Promise<Forecasted> {
  return withStoredModel(
    folder,
    environment,
    async (stored, { id, config }) => {
      if (!stored.forecast)
        throw new PhrasedError(
          phrase(
            'The run {0} was trained for the task "{1}", which does not forecast.',
            id,
            tasks[config.task.name].title,
          ),
        );
      return stored.forecast(request);
    },
    request.reading,
  );
}

import type { TaskConfig } from '../../config/task.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { Suggestion } from './inspection.ts';
import type { ReadData } from './readItems.ts';

/**
 * Fields of the task that suit the data and are not set yet.
 * @param settings task with its fields; its defaults count if it is another task than that of the data
 */
export function suggestionsFor(data: ReadData, settings: TaskConfig | undefined): Suggestion[] {
  return [...missingNumbers(data, settings), ...wholeSeason(data, settings)];
}

function missingNumbers({ task, series }: ReadData, settings: TaskConfig | undefined): Suggestion[] {
  const sentinels = series?.sentinels ?? [];
  if (task !== 'forecasting' || sentinels.length === 0) return [];
  const set = settings?.name === task && settings.missingValues !== '' ? settings.missingValues.split(',') : [];
  const values = [...new Set(sentinels.map(({ value }) => value))].sort((a, b) => a - b);
  const missingValues = [...set, ...values].join(',');
  return [{ text: phrase('Read {0} as a missing value', values.join(', ')), fields: { missingValues } }];
}

/** Most steps of a season that is suggested as the horizon, which is one output of the model for each step. */
const LONGEST_HORIZON = 1000;

function wholeSeason({ task, series }: ReadData, settings: TaskConfig | undefined): Suggestion[] {
  const horizon = settings?.name === 'forecasting' ? settings.horizon : 1;
  const season = series?.seasons[0]?.season ?? 0;
  if (task !== 'forecasting' || horizon > 1 || season < 2 || season > LONGEST_HORIZON) return [];
  return [{ text: phrase('Forecast a whole season of {0} steps', season), fields: { horizon: season } }];
}

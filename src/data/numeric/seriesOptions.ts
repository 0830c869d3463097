import { ConfigError } from '../../config/parse.ts';
import type { TaskConfig } from '../../config/task.ts';
import { cyclesOf } from './calendar.ts';
import type { PlanOptions } from './preparedSeries.ts';
import type { SeriesOptions } from './readSeries.ts';
import { phrase } from '../../phrases/phrase.ts';

export type ForecastingConfig = Extract<TaskConfig, { name: 'forecasting' }>;

/** The transforms by their names. */
const TRANSFORMS: Readonly<Record<ForecastingConfig['transform'], PlanOptions['transform']>> = {
  auto: undefined,
  none: { log: false, difference: 'none' },
  difference: { log: false, difference: 'last' },
  'seasonal-difference': { log: false, difference: 'season' },
  log: { log: true, difference: 'none' },
  'log-difference': { log: true, difference: 'last' },
  'log-seasonal-difference': { log: true, difference: 'season' },
};

/** How the configuration of a task reads a series. */
export function seriesOptions(task: ForecastingConfig): SeriesOptions {
  const { missing, inputs, column, timeColumn, seriesColumn: groupColumn, gaps, doubles } = task;
  return {
    ...{ missing, inputs, timeColumn, groupColumn, gaps, doubles },
    targets: column,
    missingValues: numbersOf(task.missingValues),
  };
}

/** The choices of a plan in the configuration of a task. @throws ConfigError for choices that contradict each other */
export function planOptions(task: ForecastingConfig, timeSteps: number): PlanOptions {
  const quantiles = task.loss === 'quantile' ? numbersOf(task.quantiles) : [];
  const isRecursive = task.strategy === 'recursive' && task.horizon > 1;
  const isAscending = quantiles.every((each, i) => i === 0 || each > quantiles[i - 1]!);
  if (task.loss === 'quantile' && !(isAscending && quantiles.includes(0.5)))
    throw new ConfigError(
      phrase('task.quantiles: "{0}" must ascend and contain 0.5, such as 0.1,0.5,0.9.', task.quantiles),
      { fields: ['task.quantiles'] },
    );
  if (quantiles.length > 0 && isRecursive)
    throw new ConfigError(
      phrase(
        'task.loss: "quantile" learns the interval of each step, which a recursive forecast does not have; set task.strategy to "direct".',
      ),
      { fields: ['task.loss', 'task.strategy'] },
    );
  return {
    timeSteps,
    horizon: task.horizon,
    isRecursive,
    quantiles,
    calendar: cyclesOf(task.calendar),
    transform: TRANSFORMS[task.transform],
    season: task.season || undefined,
  };
}

function numbersOf(list: string): number[] {
  return list.trim() === '' ? [] : list.split(',').map(Number);
}

import type { PreparedSeries } from '../../../data/numeric/preparedSeries.ts';
import { phrase } from '../../../phrases/phrase.ts';
import type { ReportBlock } from '../../../protocol/report.ts';
import type { ForecastLine } from './forecasts.ts';
import { type ColumnScores, type Method, scoreColumn } from './scoreForecasts.ts';
import { digits, methodName } from './scoreTables.ts';
import { timeOf } from './steps.ts';

/** Origins that a back-test shows at most. */
const MAX_ORIGINS = 20;

/** Scores of the forecasts after one origin. */
export interface OriginScores {
  /** Index of the last step that was read. */
  readonly origin: number;
  /** Time of the last step that was read, or its row from 1. */
  readonly after: string | number;
  readonly series: string;
  readonly scores: ColumnScores;
}

/**
 * A rolling-origin back-test of a column: the forecasts of the whole horizon after origins one horizon apart, the last of
 * which is followed by the end of the data (Tashman 2000, "Out-of-sample tests of forecasting accuracy"). The model is
 * not trained again for each origin.
 * @param lines forecasts of the whole horizon after every window
 */
export function backTest(prepared: PreparedSeries, lines: readonly ForecastLine[], k: number): OriginScores[] {
  const { horizon } = prepared.plan;
  const chosen = lines
    .filter(({ at: { origin, stretch } }) => (stretch.first + stretch.steps - 1 - origin) % horizon === 0)
    .slice(-MAX_ORIGINS);
  return chosen.map((line) => ({
    origin: line.at.origin,
    after: timeOf(prepared, line.at.origin) ?? line.at.origin + 1,
    series: line.at.stretch.group,
    scores: scoreColumn(prepared, [line], horizon, k),
  }));
}

/** Table of a back-test: the mean absolute error of each method after each origin. */
export function backTestTable(prepared: PreparedSeries, origins: readonly OriginScores[], k: number): ReportBlock {
  const { plan } = prepared;
  const { column } = plan.targets[k]!;
  const methods = [...new Set(origins.flatMap(({ scores }) => [...scores.methods.keys()]))];
  const hasSeries = plan.groupColumn !== null;
  return {
    kind: 'table',
    title: phrase('Back-test of {0}', column),
    columns: [
      ...(hasSeries ? [plan.groupColumn ?? ''] : []),
      prepared.series.times ? phrase('after') : phrase('after row'),
      ...methods.map(methodName),
    ],
    rows: origins.map(({ after, series, scores }) => [
      ...(hasSeries ? [series] : []),
      after,
      ...methods.map((method) => maeOf(scores, method)),
    ]),
    note: phrase(
      'Mean absolute errors of forecasts of {0} steps from origins {0} steps apart. The model is not trained again for each.',
      plan.horizon,
    ),
  };
}

function maeOf({ methods }: ColumnScores, method: Method): string | number {
  const mae = methods.get(method)?.metrics.mae;
  return mae === undefined ? '–' : digits(mae);
}

import { findSeason } from '../../../data/numeric/season.ts';
import { allWindows, type WindowShape } from '../../../data/numeric/seriesWindows.ts';
import type { Standardizer } from '../../../data/numeric/standardizer.ts';
import type { SequenceBatch } from '../../../data/synthetic/sequenceBatch.ts';
import type { SequenceModel } from '../../../models/sequenceModel.ts';
import type { ReportBlock } from '../../../protocol/report.ts';
import type { YieldNow } from '../../../training/trainingTask.ts';
import { errorsAhead, type ErrorsAhead } from './errorsAhead.ts';
import { phrase, sentences, type Text } from '../../../phrases/phrase.ts';
import { continued, forecasts } from './forecasts.ts';

/** Steps of the validation part that are sent, the last ones, and number of origins. */
const MAX_TRUTH = 600;
const MAX_ORIGINS = 40;
/** Steps of a continuation, and steps that the model reads for it at most in all rounds, to bound the time. */
const CONTINUED = 120;
const MAX_READ_STEPS = 8000;

/** The validation part of a series, with the steps that its first window reads. */
export interface ForecastPart {
  /** Standardized, `[steps, channels]`. */
  readonly values: Float32Array;
  /** Number of its first step among the rows that were read, from 1. */
  readonly firstRow: number;
  readonly windows: readonly SequenceBatch[];
}

/** Report of a forecaster: its forecasts over the truth, and its errors by steps ahead. */
export async function forecastReport(
  model: SequenceModel,
  { values, firstRow, windows }: ForecastPart,
  train: Float32Array,
  shape: WindowShape,
  standardizer: Standardizer,
  yieldNow: YieldNow,
): Promise<ReportBlock[]> {
  const { target, horizon, timeSteps } = shape;
  const scale = { mean: standardizer.means[target]!, deviation: standardizer.deviations[target]! };
  const column = standardizer.columns[target] ?? '';
  const inUnits = (value: number) => Number((scale.mean + scale.deviation * value).toPrecision(6));
  const season = findSeason(channel(train, shape), timeSteps);
  const predicted = await forecasts(model, windows, shape, standardizer, yieldNow);
  const errors = errorsAhead(windows, predicted, shape, scale, season);

  const series = channel(values, shape);
  const start = Math.max(0, series.length - MAX_TRUTH);
  const origins = originsOf(Math.max(start, timeSteps - 1), series.length - 1);
  const lines = await linesFrom(model, values, origins, shape, yieldNow);
  return [
    {
      kind: 'forecast',
      title: phrase('Forecasts of {0}', column),
      column,
      firstRow: firstRow + start,
      truth: Array.from(series.subarray(start), inUnits),
      horizon,
      season: season ?? null,
      origins: origins.map((origin, i) => ({ at: origin - start, values: (lines[i] ?? []).map(inUnits) })),
      errors,
      note: '',
    },
    errorTable(column, errors, horizon, season),
  ];
}

/** Values of the target, `[steps]`. */
function channel(values: Float32Array, { channels, target }: WindowShape): Float32Array {
  return Float32Array.from({ length: values.length / channels }, (_, step) => values[step * channels + target]!);
}

/** Indices spread evenly from the first to the last, which are among them. */
function originsOf(first: number, last: number): number[] {
  const count = Math.min(MAX_ORIGINS, last - first + 1);
  return Array.from({ length: count }, (_, i) =>
    count === 1 ? last : Math.round(first + (i * (last - first)) / (count - 1)),
  );
}

/**
 * Standardized forecasts from each origin, `[origins][steps]`. Only a series of one column can be continued beyond the
 * horizon, because a model of several columns forecasts one of them.
 */
async function linesFrom(
  model: SequenceModel,
  values: Float32Array,
  origins: readonly number[],
  shape: WindowShape,
  yieldNow: YieldNow,
): Promise<number[][]> {
  const { channels, horizon, timeSteps } = shape;
  if (channels === 1) {
    const rounds = Math.min(Math.ceil(CONTINUED / horizon), Math.max(1, Math.floor(MAX_READ_STEPS / timeSteps)));
    return continued(model, values, origins, shape, rounds, yieldNow);
  }
  const windowsOf = origins.map((origin) => {
    // A window holds targets as well; those of the last origin do not exist and are not read.
    const own = new Float32Array((timeSteps + horizon) * channels);
    own.set(values.subarray((origin + 1 - timeSteps) * channels, (origin + 1) * channels));
    return allWindows(own, shape, 'origin')[0]!;
  });
  const identity = { columns: [], means: Array<number>(channels).fill(0), deviations: Array<number>(channels).fill(1) };
  return forecasts(model, windowsOf, shape, identity, yieldNow);
}

const METHODS: Readonly<Record<keyof ErrorsAhead, Text>> = {
  model: phrase('model'),
  lastValue: phrase('last value repeated'),
  season: phrase('last season repeated'),
  mean: phrase('mean of the training part'),
};

function errorTable(column: string, errors: ErrorsAhead, horizon: number, season: number | undefined): ReportBlock {
  const methods = (Object.keys(METHODS) as (keyof ErrorsAhead)[]).filter((name) => errors[name]);
  const period =
    season === undefined ? undefined : phrase('A season is {0} steps, found in the training part.', season);
  return {
    kind: 'table',
    title: phrase('Errors of {0}, by steps ahead', column),
    columns: [phrase('steps ahead'), ...methods.map((name) => METHODS[name])],
    rows: Array.from({ length: horizon }, (_, ahead) => [
      ahead + 1,
      ...methods.map((name) => errors[name]?.[ahead] ?? 0),
    ]),
    note: sentences(
      phrase('Root mean squared errors over all validation windows, in the units of {0}.', column),
      period,
    ),
  };
}

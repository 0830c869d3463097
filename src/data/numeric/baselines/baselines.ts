import * as z from 'zod';
import { fitRegression, regressionForecast, regressionSchema } from './regression.ts';
import { fitSmoothing, smoothingForecasts, smoothingSchema } from './smoothing.ts';

/** Forecasts that need no network, fitted to the training part of a series whose values are standardized. */
export const baselinesSchema = z.object({
  /** Steps in a season; null without one. */
  season: z.int().positive().nullable(),
  /** Mean of the training part. */
  mean: z.number(),
  /** Null if the training part is too short. */
  regression: regressionSchema.nullable(),
  /** Null in a run of an earlier version. */
  smoothing: smoothingSchema.nullable(),
});

export type FittedBaselines = z.output<typeof baselinesSchema>;

/** The baselines by the names under which runs store them, in the order of tables, with their keys in reports. */
export const BASELINES = {
  'last value': 'lastValue',
  'seasonal naive': 'season',
  mean: 'mean',
  'linear regression': 'regression',
  'exponential smoothing': 'smoothing',
} as const;

export type BaselineName = keyof typeof BASELINES;

export const BASELINE_NAMES = Object.keys(BASELINES) as readonly BaselineName[];

/** The baseline that a model should beat: the value a season before, or the last value without a season. */
export function naiveBaseline(season: number | null): BaselineName {
  const key = season === null ? BASELINES['last value'] : BASELINES['seasonal naive'];
  return BASELINE_NAMES.find((name) => BASELINES[name] === key)!;
}

/** A forecast of a baseline after the last known step, a number of steps ahead from 1. */
export type BaselineForecast = (origin: number, ahead: number) => number;

/**
 * Fits the baselines.
 * @param stretches values of the training part without gaps
 * @param window steps that the linear regression reads
 */
export function fitBaselines(
  stretches: readonly Float64Array[],
  {
    season,
    window,
    horizon,
  }: { readonly season: number | undefined; readonly window: number; readonly horizon: number },
): FittedBaselines {
  const n = stretches.reduce((sum, { length }) => sum + length, 0);
  const total = stretches.reduce((sum, values) => sum + values.reduce((part, value) => part + value, 0), 0);
  return {
    season: season ?? null,
    mean: total / n,
    regression: fitRegression(stretches, { window, horizon }) ?? null,
    smoothing: fitSmoothing(stretches, season),
  };
}

/** Number of known values that the baselines need before their first forecast. */
export function baselineHistory({ season, regression }: FittedBaselines): number {
  return Math.max(1, season ?? 1, regression?.lags ?? 1);
}

/**
 * Forecasts of the baselines for a stretch. There is none of a season without one, and none of the linear regression
 * without a fit.
 * @param values standardized values of the stretch, in which no forecast reads beyond its origin
 */
export function baselineForecasts(
  values: Float64Array,
  { season, mean, regression, smoothing }: FittedBaselines,
): Readonly<Partial<Record<BaselineName, BaselineForecast>>> {
  const memo = { origin: -1, values: [] as number[] };
  return {
    'last value': (origin) => values[origin]!,
    ...(season !== null && {
      'seasonal naive': (origin: number, ahead: number) => values[origin + ahead - season * Math.ceil(ahead / season)]!,
    }),
    mean: () => mean,
    ...(regression && {
      'linear regression': (origin: number, ahead: number) => {
        if (memo.origin !== origin)
          Object.assign(memo, { origin, values: regressionForecast(values, origin, regression) });
        return memo.values[ahead - 1]!;
      },
    }),
    ...(smoothing && { 'exponential smoothing': smoothingForecasts(values, smoothing) }),
  };
}

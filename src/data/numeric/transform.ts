import * as z from 'zod';

/**
 * Transform of a column that is forecast. The model forecasts the difference from a base that is known at the last step
 * it reads: the value `lag` steps before the forecast step, or a whole number of lags before that. With lag 0 the base is
 * the mean of the training part. So a model that outputs 0 is the naive forecast.
 */
export const transformSchema = z.object({
  /** Whether the values are replaced by their natural logarithms. */
  log: z.boolean(),
  /** Steps of the difference: 0 for none, 1 for the last value, more for a season. */
  lag: z.int().nonnegative(),
});

export type Transform = z.output<typeof transformSchema>;

/** Least ratio of the means of two parts of a series, and least slope of spread on level, for logarithms. */
const MIN_RATIO = 1.5;
const MIN_SLOPE = 0.5;
/** Least number of parts whose spread is compared. */
const MIN_PARTS = 4;
/** Fraction by which a transform has to be better than a simpler one. */
const BETTER = 0.95;

/** The value on the scale of the model before differencing. */
export function toWorking(value: number, { log }: Transform): number {
  return log ? Math.log(value) : value;
}

/** Inverse of `toWorking`. */
export function fromWorking(value: number, { log }: Transform): number {
  return log ? Math.exp(value) : value;
}

/** Index of the step whose value is the base of a forecast. @param ahead steps ahead from 1 */
export function baseStep(origin: number, ahead: number, lag: number): number {
  return origin + ahead - lag * Math.ceil(ahead / lag);
}

/**
 * Chooses the transform whose simplest forecast (the mean, the last value, or the last season) has the smallest squared
 * error within the training part, and logarithms if all values are positive and their spread grows with their level.
 * @param stretches values of the training part without gaps
 */
export function chooseTransform(
  stretches: readonly Float64Array[],
  { season, horizon }: { readonly season: number | undefined; readonly horizon: number },
): Transform {
  const log = spreadGrows(stretches, season ?? horizon);
  const working = stretches.map((values) => values.map((value) => toWorking(value, { log, lag: 0 })));
  const lags = [0, 1, ...(season === undefined ? [] : [season])];
  const errors = lags.map((lag) => naiveError(working, lag, horizon));
  const best = errors.reduce((chosen, error, i) => (error < BETTER * errors[chosen]! ? i : chosen), 0);
  return { log, lag: lags[best]! };
}

/** Mean squared error of the base as a forecast, over all origins and steps ahead; infinite for too few values. */
function naiveError(stretches: readonly Float64Array[], lag: number, horizon: number): number {
  const n = stretches.reduce((sum, { length }) => sum + length, 0);
  const mean = stretches.reduce((sum, values) => sum + values.reduce((part, value) => part + value, 0), 0) / n;
  let [sum, count] = [0, 0];
  for (const values of stretches) {
    for (let ahead = 1; ahead <= horizon; ahead++) {
      const back = lag === 0 ? 0 : lag * Math.ceil(ahead / lag);
      for (let t = Math.max(back, ahead); t < values.length; t++, count++)
        sum += (values[t]! - (lag === 0 ? mean : values[t - back]!)) ** 2;
    }
  }
  return count === 0 ? Infinity : sum / count;
}

/** Whether the spread of a positive series is larger where its level is, so that logarithms make it even. */
function spreadGrows(stretches: readonly Float64Array[], season: number): boolean {
  const length = Math.max(8, season);
  const points: (readonly [level: number, spread: number])[] = [];
  for (const values of stretches) {
    if (values.some((value) => !(value > 0))) return false;
    for (let start = 0; start + length <= values.length; start += length) {
      const part = values.subarray(start, start + length);
      const mean = part.reduce((sum, value) => sum + value, 0) / length;
      const variance = part.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length;
      if (variance > 0) points.push([Math.log(mean), Math.log(variance) / 2]);
    }
  }
  const levels = points.map(([level]) => level);
  if (points.length < MIN_PARTS || Math.max(...levels) - Math.min(...levels) < Math.log(MIN_RATIO)) return false;
  const center = levels.reduce((sum, level) => sum + level, 0) / points.length;
  const spread = points.reduce((sum, [, each]) => sum + each, 0) / points.length;
  const products = points.reduce((sum, [level, each]) => sum + (level - center) * (each - spread), 0);
  const squares = points.reduce((sum, [level]) => sum + (level - center) ** 2, 0);
  return products / squares >= MIN_SLOPE;
}

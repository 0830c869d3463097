import type { ForecastPlan } from '../../../data/numeric/forecastPlan.ts';
import type { PreparedSeries } from '../../../data/numeric/preparedSeries.ts';
import { toWorking } from '../../../data/numeric/transform.ts';
import type { ForecastLine } from './forecasts.ts';

/** Quantiles of the errors between which the interval is. */
const LOW = 0.1;
const HIGH = 0.9;
/** Least number of windows from which a range is measured. */
const MIN_WINDOWS = 10;

/**
 * Range of the errors of a model that outputs one value, by steps ahead and target, on the scale of the targets: the
 * interval of its forecasts. Null if the model outputs quantiles, or for too few windows.
 * @param lines forecasts of the whole horizon for windows whose true values are known
 */
export function errorRanges(prepared: PreparedSeries, lines: readonly ForecastLine[]): ForecastPlan['errors'] {
  const { plan, working } = prepared;
  const { horizon, targets, quantiles } = plan;
  if (quantiles.length > 0 || lines.length < MIN_WINDOWS) return null;
  const ranges = Array.from({ length: horizon }, (_, h) =>
    targets.map(({ transform }, k): [number, number] => {
      const errors = Float64Array.from(lines, ({ at, values }) => {
        const forecast = toWorking(values[h * targets.length + k]!, transform);
        return (working[k]![at.origin + h + 1]! - forecast) / at.stretch.scale.targets[k]!.deviation;
      }).sort();
      return [quantileOf(errors, LOW), quantileOf(errors, HIGH)];
    }),
  );
  return { low: LOW, high: HIGH, ranges };
}

/** Quantile of ascending values, interpolated between neighbors. */
function quantileOf(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const value = sorted[below]!;
  return value + (place - below) * ((sorted[below + 1] ?? value) - value);
}

import {
  BASELINE_NAMES,
  baselineForecasts,
  baselineHistory,
  type BaselineForecast,
  type BaselineName,
} from '../../../data/numeric/baselines/baselines.ts';
import { type ForecastMetrics, MetricSums } from '../../../data/numeric/forecastMetrics.ts';
import type { PreparedSeries, ScaledStretch } from '../../../data/numeric/preparedSeries.ts';
import { scaledTarget, type WindowAt } from '../../../data/numeric/seriesWindows.ts';
import { toWorking } from '../../../data/numeric/transform.ts';
import type { ForecastLine } from './forecasts.ts';

/** A method of forecasting: the model or a baseline. */
export type Method = 'model' | BaselineName;

/** Errors of a method in the units of the data. */
interface MethodScore {
  readonly metrics: ForecastMetrics;
  /** Root mean squared error by steps ahead, `[steps]`. */
  readonly rmseAhead: readonly number[];
}

/** Scores of the forecasts of a column, of all methods on the same windows. */
export interface ColumnScores {
  readonly column: string;
  readonly unit: string;
  /** Number of windows. */
  readonly n: number;
  /** Steps in a season; null without one. */
  readonly season: number | null;
  /** In the order of the table; the model is first. */
  readonly methods: ReadonlyMap<Method, MethodScore>;
  /** Fraction of the true values in the interval that the model has learned; null if it outputs one value. */
  readonly coverage: number | null;
}

/**
 * Scores forecasts of a column and all baselines. Windows with too few values before them for a baseline are left out;
 * if that leaves none, the baselines that need more are left out.
 * @param lines forecasts of at least `steps` steps, whose true values are known
 * @param k index of the target
 */
export function scoreColumn(
  prepared: PreparedSeries,
  lines: readonly ForecastLine[],
  steps: number,
  k: number,
): ColumnScores {
  const { plan, truth } = prepared;
  const { column, unit } = plan.targets[k]!;
  const { used, forecastsOf, season } = baselinesFor(
    prepared,
    lines.map(({ at }) => at),
    k,
  );
  const lineOf = new Map(lines.map((line) => [line.at.origin, line]));
  const sums = new Map<Method, { total: MetricSums; ahead: MetricSums[] }>();
  const add = (method: Method, ahead: number, value: number, forecast: number, scale: number) => {
    let own = sums.get(method);
    if (!own)
      sums.set(
        method,
        (own = { total: new MetricSums(), ahead: Array.from({ length: steps }, () => new MetricSums()) }),
      );
    own.total.add(value, forecast, scale);
    own.ahead[ahead - 1]!.add(value, forecast, scale);
  };
  let [inside, ranged] = [0, 0];
  for (const at of used) {
    const line = lineOf.get(at.origin)!;
    const { naive } = at.stretch.scale;
    const baselines = forecastsOf(at);
    for (let ahead = 1; ahead <= steps; ahead++) {
      const value = truth[k]![at.origin + ahead]!;
      const place = (ahead - 1) * plan.targets.length + k;
      add('model', ahead, value, line.values[place]!, naive[k]!);
      for (const [name, forecast] of baselines) add(name, ahead, value, forecast(ahead), naive[k]!);
      if (plan.quantiles.length < 2 || Number.isNaN(line.low[place]!)) continue;
      ranged++;
      if (value >= line.low[place]! && value <= line.high[place]!) inside++;
    }
  }
  return {
    column,
    unit,
    n: used.length,
    season,
    methods: new Map(
      [...sums].map(([method, { total, ahead }]) => [
        method,
        { metrics: total.metrics, rmseAhead: ahead.map(({ metrics }) => metrics.rmse) },
      ]),
    ),
    coverage: ranged === 0 ? null : inside / ranged,
  };
}

/**
 * Mean losses of the baselines on windows, as the model is scored: over all targets and the steps that it outputs at
 * once, on its scale.
 */
export function baselineLosses(
  prepared: PreparedSeries,
  windows: readonly WindowAt[],
): Partial<Record<BaselineName, number>> {
  const { plan } = prepared;
  const sums = new Map<BaselineName, { sum: number; n: number }>();
  plan.targets.forEach(({ transform }, k) => {
    const { used, forecastsOf } = baselinesFor(prepared, windows, k);
    for (const at of used) {
      const { deviation } = at.stretch.scale.targets[k]!;
      for (const [name, forecast] of forecastsOf(at)) {
        const own = sums.get(name) ?? { sum: 0, n: 0 };
        for (let ahead = 1; ahead <= plan.outputSteps; ahead++) {
          const base = prepared.working[k]![at.origin + ahead]! - deviation * scaledTarget(prepared, at, ahead, k);
          const scaled = (toWorking(forecast(ahead), transform) - base) / deviation;
          own.sum += lossOf(scaledTarget(prepared, at, ahead, k) - scaled, plan.quantiles);
          own.n++;
        }
        sums.set(name, own);
      }
    }
  });
  const losses = BASELINE_NAMES.flatMap((name) => {
    const { sum = NaN, n = 0 } = sums.get(name) ?? {};
    return Number.isFinite(sum) && n > 0 ? [[name, sum / n] as const] : [];
  });
  return Object.fromEntries(losses);
}

/** Loss of an error, the target minus the forecast, as in `numberLosses`. */
function lossOf(error: number, quantiles: readonly number[]): number {
  if (quantiles.length === 0) return error * error;
  return quantiles.reduce((sum, q) => sum + Math.max(q * error, (q - 1) * error), 0) / quantiles.length;
}

/** The windows that all baselines can forecast, with their forecasts in the units of the data. */
function baselinesFor(
  { plan, truth }: PreparedSeries,
  windows: readonly WindowAt[],
  k: number,
): {
  readonly used: readonly WindowAt[];
  readonly season: number | null;
  readonly forecastsOf: (at: WindowAt) => readonly (readonly [BaselineName, (ahead: number) => number])[];
} {
  const { baselines: all } = plan.targets[k]!;
  const withHistory = (steps: number) => windows.filter(({ origin, stretch }) => origin + 1 - stretch.first >= steps);
  const enough = withHistory(baselineHistory(all));
  const baselines = enough.length > 0 ? all : { ...all, season: null, regression: null };
  const known = new Map<ScaledStretch, Partial<Record<BaselineName, BaselineForecast>>>();
  return {
    used: enough.length > 0 ? enough : windows,
    season: baselines.season,
    forecastsOf: ({ origin, stretch }) => {
      const { mean, deviation } = stretch.scale.raw[k]!;
      let own = known.get(stretch);
      if (!own) {
        const values = truth[k]!.subarray(stretch.first, stretch.first + stretch.steps);
        own = baselineForecasts(
          values.map((value) => (value - mean) / deviation),
          baselines,
        );
        known.set(stretch, own);
      }
      const forecasts = own;
      return BASELINE_NAMES.flatMap((name) => {
        const forecast = forecasts[name];
        return forecast
          ? [[name, (ahead: number) => mean + deviation * forecast(origin - stretch.first, ahead)] as const]
          : [];
      });
    },
  };
}

import { InputError } from '../inputError.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { fitBaselines } from './baselines/baselines.ts';
import { calendarFeatures, type CalendarCycle } from './calendar.ts';
import { channelsOf, type ForecastPlan, type GroupScale, longestLag, type Scale } from './forecastPlan.ts';
import { naiveScale } from './forecastMetrics.ts';
import type { NumericSeries, Stretch } from './readSeries.ts';
import { findSeason } from './season.ts';
import { chooseTransform, toWorking, type Transform } from './transform.ts';

/** A series as a model reads it. */
export interface PreparedSeries {
  readonly plan: ForecastPlan;
  readonly series: NumericSeries;
  /** Scaled inputs, `[steps, channels]`; the first steps of a stretch, whose differences are unknown, are 0. */
  readonly inputs: Float32Array;
  readonly channels: number;
  /** Values of the targets, `[targets][steps]`, in the units of the data. */
  readonly truth: readonly Float64Array[];
  /** The same before differencing, in logarithms if the transform has them. */
  readonly working: readonly Float64Array[];
  /** Stretches with the scale of their series. */
  readonly stretches: readonly ScaledStretch[];
}

export interface ScaledStretch extends Stretch {
  readonly scale: GroupScale;
}

/** The choices of a new plan. */
export interface PlanOptions {
  readonly timeSteps: number;
  readonly horizon: number;
  readonly isRecursive: boolean;
  readonly quantiles: readonly number[];
  readonly calendar: readonly CalendarCycle[];
  /** Undefined to choose it from the training part. */
  readonly transform: { readonly log: boolean; readonly difference: 'none' | 'last' | 'season' } | undefined;
  /** Undefined to find it in the training part. */
  readonly season: number | undefined;
}

/** The first steps of each stretch: a share of the steps of its series, its training part. */
export function trainStretches(series: NumericSeries, share: number): Stretch[] {
  const groups = new Map<string, number>();
  for (const { group, steps } of series.stretches) groups.set(group, (groups.get(group) ?? 0) + steps);
  const left = new Map([...groups].map(([group, steps]) => [group, Math.floor(share * steps)]));
  return series.stretches.map((stretch) => {
    const steps = Math.min(stretch.steps, left.get(stretch.group) ?? 0);
    left.set(stretch.group, (left.get(stretch.group) ?? 0) - steps);
    return { ...stretch, steps };
  });
}

/** The other steps of each stretch. */
export function stretchesAfter(series: NumericSeries, share: number): Stretch[] {
  const before = trainStretches(series, share);
  return series.stretches.map(({ group, first, steps }, i) => {
    const trained = before[i]!.steps;
    return { group, first: first + trained, steps: steps - trained };
  });
}

/**
 * Plans a forecast: transforms, scales and baselines, from the training part of a series only.
 * @param train the training part of each stretch
 * @throws InputError for a logarithm of a value that is not positive
 */
export function planForecast(series: NumericSeries, train: readonly Stretch[], options: PlanOptions): ForecastPlan {
  const { timeSteps, horizon, isRecursive, quantiles, calendar } = options;
  const used = train.filter(({ steps }) => steps > 0);
  const targets = series.targets.map((channel) => {
    const { season, transform } = shapeOf(series, channel, used, options);
    checkLogarithms(series, channel, transform);
    const groups = byGroup(used);
    const standardized = groups.flatMap(([, own]) => {
      const scale = scaleOf(own.map((stretch) => channelOf(series, channel, stretch)));
      return own.map((stretch) =>
        channelOf(series, channel, stretch).map((value) => (value - scale.mean) / scale.deviation),
      );
    });
    return {
      column: series.columns[channel] ?? '',
      unit: series.units[channel] ?? '',
      transform,
      baselines: fitBaselines(standardized, { season, window: timeSteps, horizon }),
    };
  });
  const plan: ForecastPlan = {
    version: 2,
    inputs: series.inputs.map((channel) => series.columns[channel] ?? ''),
    targets,
    timeColumn: series.timeColumn,
    groupColumn: series.groupColumn,
    step: series.step,
    calendar: [...calendar],
    timeSteps,
    horizon,
    outputSteps: isRecursive ? 1 : horizon,
    quantiles: [...quantiles],
    scales: [],
    errors: null,
  };
  return { ...plan, scales: byGroup(used).map(([group, own]) => groupScaleOf(group, series, own, plan)) };
}

/** Season of a channel in the training part, and the transform that follows. @param used its stretches, at least one */
function shapeOf(
  series: NumericSeries,
  channel: number,
  used: readonly Stretch[],
  options: PlanOptions,
): { readonly season: number | undefined; readonly transform: Transform } {
  const parts = used.map((stretch) => channelOf(series, channel, stretch));
  const longest = parts.reduce((most, part) => (part.length > most.length ? part : most));
  const season = options.season ?? findSeason(longest, Math.floor(longest.length / 3));
  return { season, transform: transformOf(parts, season, options) };
}

/** Season of a column in the training part, and the transform that follows. */
export interface SeasonOfColumn {
  readonly column: string;
  readonly season: number | null | undefined;
  readonly transform: Transform;
}

/** The seasons that a plan for a series would have. */
export function seasonsIn(series: NumericSeries, train: readonly Stretch[], options: PlanOptions): SeasonOfColumn[] {
  const used = train.filter(({ steps }) => steps > 0);
  if (used.length === 0) return [];
  return series.targets.map((channel) => ({
    column: series.columns[channel] ?? '',
    ...shapeOf(series, channel, used, options),
  }));
}

/** The seasons of a plan. */
export function seasonsOf({ targets }: ForecastPlan): SeasonOfColumn[] {
  return targets.map(({ column, baselines: { season }, transform }) => ({ column, season, transform }));
}

/** Notices of seasons that a window does not hold. */
export function seasonNotices(seasons: readonly SeasonOfColumn[], timeSteps: number): Text[] {
  return seasons.flatMap(({ column, season, transform }) =>
    season != null && season > timeSteps && transform.lag <= 1
      ? [
          phrase(
            'The column "{0}" has a season of {1} steps, longer than the window of {2}. Set data.sequenceLength to {1} or more, or task.transform to "seasonal-difference".',
            column,
            season,
            timeSteps,
          ),
        ]
      : [],
  );
}

/**
 * Prepares a series for the model of a plan. A series that the plan does not know is scaled by its own values.
 * @throws InputError if the series lacks a column, or a value has no logarithm
 */
export function prepareSeries(series: NumericSeries, plan: ForecastPlan): PreparedSeries {
  plan.targets.forEach(({ transform }, k) => checkLogarithms(series, series.targets[k]!, transform));
  const channels = channelsOf(plan);
  const { steps, times } = series;
  const truth = series.targets.map((channel) => channelOf(series, channel, { first: 0, steps }));
  const working = truth.map((values, k) => values.map((value) => toWorking(value, plan.targets[k]!.transform)));
  const known = new Map(plan.scales.map((scale) => [scale.group, scale]));
  const own = new Map(byGroup(series.stretches));
  const stretches = series.stretches.map((stretch) => ({
    ...stretch,
    scale: known.get(stretch.group) ?? groupScaleOf(stretch.group, series, own.get(stretch.group) ?? [stretch], plan),
  }));
  const inputs = new Float32Array(steps * channels);
  const lag = longestLag(plan);
  for (const { first, steps: length, scale } of stretches) {
    plan.inputs.forEach((_, i) => {
      const values = inputOf(series, i, { first, steps: length }, plan);
      const { mean, deviation } = scale.inputs[i]!;
      for (let t = lag; t < length; t++) inputs[(first + t) * channels + i] = (values[t]! - mean) / deviation;
    });
    for (let t = 0; times && plan.calendar.length > 0 && t < length; t++)
      inputs.set(calendarFeatures(times[first + t]!, plan.calendar), (first + t) * channels + plan.inputs.length);
  }
  return { plan, series, inputs, channels, truth, working, stretches };
}

/** Values of an input on the scale of the model: transformed if it is also forecast. The first differences are NaN. */
function inputOf(
  series: NumericSeries,
  input: number,
  stretch: Pick<Stretch, 'first' | 'steps'>,
  { targets }: Pick<ForecastPlan, 'targets'>,
): Float64Array {
  const channel = series.inputs[input]!;
  const values = channelOf(series, channel, stretch);
  const target = targets[series.targets.indexOf(channel)];
  if (!target) return values;
  const { transform } = target;
  const working = values.map((value) => toWorking(value, transform));
  return transform.lag === 0 ? working : working.map((value, t) => value - (working[t - transform.lag] ?? NaN));
}

function groupScaleOf(
  group: string,
  series: NumericSeries,
  stretches: readonly Stretch[],
  plan: Pick<ForecastPlan, 'inputs' | 'targets' | 'horizon'>,
): GroupScale {
  const known = (values: Float64Array) => values.filter((value) => !Number.isNaN(value));
  return {
    group,
    inputs: plan.inputs.map((_, i) => scaleOf(stretches.map((stretch) => known(inputOf(series, i, stretch, plan))))),
    targets: plan.targets.map(({ transform }, k) =>
      targetScale(
        stretches.map((stretch) =>
          channelOf(series, series.targets[k]!, stretch).map((value) => toWorking(value, transform)),
        ),
        transform,
        plan.horizon,
      ),
    ),
    raw: plan.targets.map((_, k) =>
      scaleOf(stretches.map((stretch) => channelOf(series, series.targets[k]!, stretch))),
    ),
    naive: plan.targets.map(({ baselines }, k) =>
      naiveScale(
        stretches.map((stretch) => channelOf(series, series.targets[k]!, stretch)),
        baselines.season ?? 1,
      ),
    ),
  };
}

/** Scale of the differences of a target from its base, over all steps ahead. */
function targetScale(parts: readonly Float64Array[], { lag }: Transform, horizon: number): Scale {
  if (lag === 0) return scaleOf(parts);
  let [sum, n] = [0, 0];
  for (const values of parts) {
    for (let ahead = 1; ahead <= horizon; ahead++) {
      const back = lag * Math.ceil(ahead / lag);
      for (let t = back; t < values.length; t++, n++) sum += (values[t]! - values[t - back]!) ** 2;
    }
  }
  return { mean: 0, deviation: Math.sqrt(sum / n) || 1 };
}

function scaleOf(parts: readonly Float64Array[]): Scale {
  const n = parts.reduce((sum, { length }) => sum + length, 0);
  if (n === 0) return { mean: 0, deviation: 1 };
  const mean = parts.reduce((sum, part) => part.reduce((total, value) => total + value, sum), 0) / n;
  const squares = parts.reduce((sum, part) => part.reduce((total, value) => total + (value - mean) ** 2, sum), 0);
  return { mean, deviation: Math.sqrt(squares / n) || 1 };
}

function transformOf(
  parts: readonly Float64Array[],
  season: number | undefined,
  { transform, horizon }: PlanOptions,
): Transform {
  if (!transform) return chooseTransform(parts, { season, horizon });
  // Without a season, a seasonal difference is one from the last value.
  const lags = { none: 0, last: 1, season: season ?? 1 };
  return { log: transform.log, lag: lags[transform.difference] };
}

function checkLogarithms(series: NumericSeries, channel: number, { log }: Transform): void {
  if (!log || channelOf(series, channel, { first: 0, steps: series.steps }).every((value) => value > 0)) return;
  throw new InputError(
    'unreadable',
    phrase(
      'The column "{0}" of "{1}" has values that are not positive, so it has no logarithms. Set task.transform to "none" or "difference".',
      series.columns[channel] ?? '',
      series.name,
    ),
    { fields: ['task.transform'] },
  );
}

/** Values of a channel in a stretch. */
function channelOf(
  { values, columns }: NumericSeries,
  channel: number,
  { first, steps }: Pick<Stretch, 'first' | 'steps'>,
): Float64Array {
  const own = new Float64Array(steps);
  for (let t = 0; t < steps; t++) own[t] = values[(first + t) * columns.length + channel]!;
  return own;
}

function byGroup<Own extends Stretch>(stretches: readonly Own[]): [group: string, stretches: Own[]][] {
  const groups = new Map<string, Own[]>();
  for (const stretch of stretches) {
    const known = groups.get(stretch.group);
    if (known) known.push(stretch);
    else groups.set(stretch.group, [stretch]);
  }
  return [...groups];
}

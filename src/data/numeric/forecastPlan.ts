import * as z from 'zod';
import { baselinesSchema } from './baselines/baselines.ts';
import { CALENDAR_CYCLES } from './calendar.ts';
import { timeStepSchema } from './timeStep.ts';
import { transformSchema } from './transform.ts';

const scaleSchema = z.object({ mean: z.number(), deviation: z.number().positive() });

/** Mean and standard deviation of a training part. */
export type Scale = z.output<typeof scaleSchema>;

/** Scales of one series of a file. */
const groupScale = z.object({
  /** Name of the series in the group column; empty without one. */
  group: z.string(),
  /** Of each input, on the scale on which the model reads it. */
  inputs: z.array(scaleSchema),
  /** Of each target: the mean is the base of a transform without a difference, and 0 of the others. */
  targets: z.array(scaleSchema),
  /** Of each target in the units of the data, for the baselines. */
  raw: z.array(scaleSchema),
  /** Mean absolute error of the naive forecast in the training part, for the MASE; 0 if it is too short. */
  naive: z.array(z.number().nonnegative()),
});

export type GroupScale = z.output<typeof groupScale>;

/** Everything besides the weights that a forecast needs: `series.json` of a run. */
export const forecastPlanSchema = z.object({
  version: z.literal(2),
  inputs: z.array(z.string()),
  targets: z.array(
    z.object({
      column: z.string(),
      unit: z.string(),
      transform: transformSchema,
      baselines: baselinesSchema,
    }),
  ),
  timeColumn: z.string().nullable(),
  groupColumn: z.string().nullable(),
  step: timeStepSchema.nullable(),
  calendar: z.array(z.enum(CALENDAR_CYCLES)),
  timeSteps: z.int().positive(),
  horizon: z.int().positive(),
  /** Steps that the model outputs at once: the horizon, or 1 if it forecasts recursively. */
  outputSteps: z.int().positive(),
  /** Quantiles that the model outputs; empty for one value. */
  quantiles: z.array(z.number()),
  scales: z.array(groupScale),
  /**
   * Range of the errors in the validation part, as quantiles of their distribution by steps ahead and target, on the
   * scale of the targets; null if the model outputs quantiles or nothing was validated.
   */
  errors: z
    .object({
      low: z.number(),
      high: z.number(),
      /** `[horizon][targets]`. */
      ranges: z.array(z.array(z.tuple([z.number(), z.number()]))),
    })
    .nullable(),
});

export type ForecastPlan = z.output<typeof forecastPlanSchema>;

/**
 * The plan of a model that reads and forecasts columns as they are, but for their scales: without differences, units,
 * times, groups and baselines.
 */
export function plainPlan(
  targets: readonly string[],
  given: Pick<ForecastPlan, 'inputs' | 'timeSteps' | 'horizon'>,
  scales: Omit<ForecastPlan['scales'][number], 'group' | 'naive'>,
): ForecastPlan {
  return {
    version: 2,
    targets: targets.map((column) => ({
      column,
      unit: '',
      transform: { log: false, lag: 0 },
      baselines: { season: null, mean: 0, regression: null, smoothing: null },
    })),
    timeColumn: null,
    groupColumn: null,
    step: null,
    calendar: [],
    outputSteps: given.horizon,
    quantiles: [],
    scales: [{ group: '', naive: targets.map(() => 0), ...scales }],
    errors: null,
    ...given,
  };
}

/** Channels of the vectors that the model reads. */
export function channelsOf({ inputs, calendar }: Pick<ForecastPlan, 'inputs' | 'calendar'>): number {
  return inputs.length + 2 * calendar.length;
}

/** Numbers that the model outputs for a window, `[outputSteps][targets][quantiles]`. */
export function outputsOf({ outputSteps, targets, quantiles }: ForecastPlan): number {
  return outputSteps * targets.length * Math.max(1, quantiles.length);
}

/** Steps before the first that a window can read, because their differences are unknown. */
export function longestLag({ targets }: Pick<ForecastPlan, 'targets'>): number {
  return Math.max(...targets.map(({ transform }) => transform.lag));
}

/** Whether the model can read its own forecasts: all of its inputs are forecast. */
export function isClosed({ inputs, targets }: Pick<ForecastPlan, 'inputs' | 'targets'>): boolean {
  return inputs.every((input) => targets.some(({ column }) => column === input));
}

import * as z from 'zod';
import { measuredMetrics, seriesName } from './metrics.ts';
import { lagCurve } from './probes.ts';

/** The tab "Compare" of the panel: curves of several runs in one picture. */

/** Maximum number of runs in a comparison. */
export const MAX_COMPARED_RUNS = 24;

/** Metrics that can be compared: those for which lower values are better. */
export const comparedMetrics = measuredMetrics.filter(({ direction }) => direction === 'lower');

/** Entry for a run in the list of runs that can be compared. */
const comparableRun = z.object({
  id: z.string(),
  /** How a chosen run differs from the other chosen ones; of the others, their title. */
  label: z.string(),
  name: z.string(),
  /** Model and training on one line. */
  summary: z.string(),
  createdAt: z.string(),
  state: z.string(),
  step: z.int().nonnegative(),
  /** Last validation loss, or training loss before the first validation. */
  loss: z.number().nullable(),
});

/** Decimated curve over the steps (x, y, x, y, ...) with the seconds of training at each point. */
const timedCurve = z.object({ points: z.array(z.number().nullable()), seconds: z.array(z.number()) });

/** Curves of one run. */
const comparedRun = z.object({
  id: z.string(),
  /** Curves of the metrics that can be compared. */
  curves: z.partialRecord(seriesName, timedCurve),
  /**
   * Gradient of the last step's loss by lag, relative to lag 0: the median over sequences in the layer where the flow is
   * worst, at the run's latest probe; null without one.
   */
  lastStep: z.object({ step: z.int().nonnegative(), curve: lagCurve }).nullable(),
});

/** Functions that the panel serves; called only while the tab is on screen. */
export const comparisonContract = {
  /** All runs that can be compared, newest first, and the ids of the chosen ones in their order. */
  comparable: { args: z.tuple([z.object({ runs: z.array(comparableRun), chosen: z.array(z.string()) })]) },
  /** A chosen run has changed, or was added. */
  compared: { args: z.tuple([comparedRun]) },
} as const;

/** Functions that the host serves to the panel. */
export const comparisonHostContract = {
  /** Chooses the runs to compare; null chooses the comparison that the shown run belongs to. */
  compare: { args: z.tuple([z.array(z.string()).max(MAX_COMPARED_RUNS).nullable()]) },
} as const;

export type ComparableRun = z.output<typeof comparableRun>;
export type TimedCurve = z.output<typeof timedCurve>;
export type ComparedRun = z.output<typeof comparedRun>;

import * as z from 'zod';
import { measuredMetrics, seriesName } from './metrics.ts';
import { lagCurve } from './probes.ts';

/** The tab "Compare" of the panel: curves of several runs in one picture. */

/** Runs that can be compared at once. */
export const MOST_COMPARED = 24;

/** The metrics that can be compared: those of which lower values are better. */
export const comparedMetrics = measuredMetrics.filter(({ direction }) => direction === 'lower');

/** A run that can be compared, as a list shows it. */
const comparableRun = z.object({
  id: z.string(),
  name: z.string(),
  /** Model and training in a line. */
  summary: z.string(),
  createdAt: z.string(),
  state: z.string(),
  step: z.int().nonnegative(),
  /** Last validation loss, or training loss before the first validation. */
  loss: z.number().nullable(),
});

/** A curve by step, x, y, x, y, ..., decimated by the host, and the seconds of training at each of its points. */
const timedCurve = z.object({ points: z.array(z.number().nullable()), seconds: z.array(z.number()) });

/** Everything that is drawn of one run. */
const comparedRun = z.object({
  id: z.string(),
  /** Of the metrics that can be compared. */
  curves: z.partialRecord(seriesName, timedCurve),
  /** ||dL_T/dh_t|| of the leading layer by lag, relative to lag 0, at the run's latest probe; null without one. */
  lastStep: z.object({ step: z.int().nonnegative(), curve: lagCurve }).nullable(),
});

/** Functions that the panel serves; called only while the tab is on screen. */
export const comparisonContract = {
  /** Every run that can be compared, newest first, and the identifiers of those that are, in their order. */
  comparable: { args: z.tuple([z.object({ runs: z.array(comparableRun), chosen: z.array(z.string()) })]) },
  /** A run that is compared has changed, or is compared from now on. */
  compared: { args: z.tuple([comparedRun]) },
} as const;

/** Functions that the host serves to the panel. */
export const comparisonHostContract = {
  /** These runs are to be compared; null: those of the comparison that the run shown is a part of. */
  compare: { args: z.tuple([z.array(z.string()).max(MOST_COMPARED).nullable()]) },
} as const;

export type ComparableRun = z.output<typeof comparableRun>;
export type TimedCurve = z.output<typeof timedCurve>;
export type ComparedRun = z.output<typeof comparedRun>;

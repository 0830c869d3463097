import * as z from 'zod';
import { scoredStep } from './events.ts';
import { measuredMetrics, seriesName } from './metrics.ts';
import { lagCurve } from './probes.ts';
import { runColor } from './runColor.ts';

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
  /** Color of its curves. */
  color: runColor,
  state: z.string(),
  step: z.int().nonnegative(),
  /** Last validation loss, or training loss before the first validation. */
  loss: z.number().nullable(),
});

/** Decimated curve over the steps (x, y, x, y, ...) with the seconds of training at each point. */
export const timedCurve = z.object({ points: z.array(z.number().nullable()), seconds: z.array(z.number()) });

/** Curves of one run. */
const comparedRun = z.object({
  id: z.string(),
  /** Characters, words or sequences that a step reads; null for a model that is fitted. */
  itemsPerStep: z.number().positive().nullable(),
  /** Curves of the metrics that the page compares. */
  curves: z.partialRecord(seriesName, timedCurve),
});

/**
 * Gradient of the last step's loss by lag in one probe, relative to lag 0: median and 10 % and 90 % quantiles over
 * sequences, in the layer where the flow is worst.
 */
export const probedFlow = z.object({ step: z.int().nonnegative(), median: lagCurve, low: lagCurve, high: lagCurve });

const firstProbe = z.object({
  flow: probedFlow,
  /** Mean product of forget gates from the last step back by lag; null for a cell without a forget gate. */
  forgetProduct: lagCurve.nullable(),
});

/** The probes of one run, of which one is shown. */
const probedRun = z.object({
  id: z.string(),
  /** Steps of all probes, ascending. */
  steps: z.array(z.int().nonnegative()),
  /** The shown probe; null without a probe. */
  flow: probedFlow.nullable(),
  /** The first probe, usually of the initial weights; null without a probe. */
  first: firstProbe.nullable(),
});

/**
 * Step of the probes to show, in all runs at once: each run shows its last probe up to the step, or its first one. Null
 * shows the probe nearest to the lowest validation loss of each run; in a run without a validation, the latest probe.
 */
export const probeStep = z.int().nonnegative().nullable();

/** What the losses of two runs must have in common to be ranked together. */
export const basisFacet = z.enum(['task', 'data', 'vocabulary', 'unit']);

/** Runs whose losses measure the same, ranked by their lowest validation loss. */
export const rankedGroup = z.object({
  /** Description of what the losses are measured on, by facet. */
  basis: z.record(basisFacet, z.string()),
  /** The largest step at which every run of the group was validated; null without one. */
  equalStep: z.int().nonnegative().nullable(),
  /** Lowest loss first; runs without a validation last. */
  runs: z.array(
    z.object({
      id: z.string(),
      /** The validation with the lowest loss, and the last one. */
      best: scoredStep.nullable(),
      last: scoredStep.nullable(),
      /** Validation loss at the step that all runs of the group have. */
      atEqualStep: z.number().nullable(),
    }),
  ),
});

/** Functions that the panel serves; called only while the tab is on screen. */
export const comparisonContract = {
  /** All runs that can be compared, newest first, and the chosen ones: their ids in their order, and their ranking. */
  comparable: {
    args: z.tuple([
      z.object({ runs: z.array(comparableRun), chosen: z.array(z.string()), ranking: z.array(rankedGroup) }),
    ]),
  },
  /** A chosen run has changed, or was added. */
  compared: { args: z.tuple([comparedRun]) },
  /** The probes of the chosen runs, in their order. */
  comparedProbes: { args: z.tuple([z.array(probedRun)]) },
} as const;

/** Ids of runs to compare, in their order. */
export const comparedIds = z.array(z.string()).max(MAX_COMPARED_RUNS);

/** Functions that the host serves to the panel. */
export const comparisonHostContract = {
  /** Chooses the runs to compare; null chooses the comparison that the shown run belongs to. */
  compare: { args: z.tuple([comparedIds.nullable()]) },
  /** Chooses the probes to show. */
  compareProbesAt: { args: z.tuple([probeStep]) },
} as const;

export type ComparableRun = z.output<typeof comparableRun>;
export type TimedCurve = z.output<typeof timedCurve>;
export type ComparedRun = z.output<typeof comparedRun>;
export type ProbedFlow = z.output<typeof probedFlow>;
export type ProbedRun = z.output<typeof probedRun>;
export type BasisFacet = z.output<typeof basisFacet>;
export type RankedGroup = z.output<typeof rankedGroup>;

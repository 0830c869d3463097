import * as z from 'zod';
import { measuredMetrics, seriesName } from '../../../src/protocol/metrics.ts';

/** What can be drawn of the runs, in the order in which the page offers it. */
export const plotName = z.enum(['curves', 'scatter', 'parallel', 'map', 'importance', 'gradient']);

/** Quantities on the x axis of the curves. */
export const curveX = z.enum(['step', 'second', 'item']);

/** Selectable time constants of the smoothing, in steps. */
export const SMOOTHINGS = [0, 5, 20, 100, 500, 2000];

/**
 * What the user has chosen below the table. Every field has a fallback, so that one that an older version stored in
 * another form falls back to its default and the others are kept. Columns are named by their keys.
 */
export const plotState = z.object({
  shown: plotName.catch('curves'),
  /** Metrics with a chart each, at least one. */
  metrics: z.array(seriesName).min(1).catch(['validationLoss']),
  x: curveX.catch('step'),
  /** Time constant of the smoothing of noisy curves, in steps. */
  smoothing: z.number().nonnegative().catch(20),
  /** Whether runs that differ in their seeds only are drawn as their mean with a band. */
  seeds: z.boolean().catch(false),
  /** Columns of the axes of the scatter plot. */
  scatterX: z.string().catch('training.learningRate'),
  scatterY: z.string().catch('best'),
  /** Whether the scatter plot has a line through the best runs so far. */
  scatterBest: z.boolean().catch(false),
  /** Fields of the axes of the heat map; null for the first ones in which the runs differ. */
  mapX: z.string().nullable().catch(null),
  mapY: z.string().nullable().catch(null),
  /** Column of the results that the heat map and the importance of fields are about. */
  result: z.string().catch('best'),
  /** Columns of the axes of the parallel coordinates; null for those in which the runs differ. */
  parallel: z.array(z.string()).nullable().catch(null),
  /** Whether the plot of the runs has its table open. */
  table: z.boolean().catch(false),
  /** Step of the shown probes; null for the best step of each run. */
  probeStep: z.int().nonnegative().nullable().catch(null),
});

export type PlotName = z.output<typeof plotName>;
export type PlotState = z.output<typeof plotState>;

/** Shows the chart of a metric, or hides it unless it is the only one; in the order of the metrics. */
export function toggleMetric(shown: PlotState['metrics'], metric: PlotState['metrics'][number]): PlotState['metrics'] {
  const others = shown.filter((each) => each !== metric);
  if (others.length === 0) return shown;
  const wanted = others.length < shown.length ? others : [...shown, metric];
  return measuredMetrics.map(({ key }) => key).filter((key) => wanted.includes(key));
}

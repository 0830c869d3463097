import * as z from 'zod';
import { seriesName } from './metrics.ts';

/**
 * What a run has, by its task and the family of its model: tabs, figures, steps. The host computes it for every run;
 * the views leave out what does not apply.
 */

/** Tabs of the panel, in display order. */
export const tabName = z.enum(['loss', 'results', 'generate', 'gradients', 'gates', 'explain', 'text', 'compare']);

export type TabName = z.output<typeof tabName>;

/**
 * How a model is trained: by optimizer steps, by iterations of a fit to the whole data, or by counting in one pass over
 * the data.
 */
const training = z.enum(['steps', 'iterations', 'counting']);

export const applicable = z.object({
  tabs: z.array(tabName),
  /** The tab that shows what matters most in the task. It opens first, unless the user has selected another one. */
  firstTab: tabName,
  metrics: z.array(seriesName),
  /** The metrics whose value the configuration fixes for all steps: figures without a curve. */
  fixed: z.array(seriesName),
  training,
  /** Learning rates of the steps of a range test, whose loss is shown over them; omitted for any other run. */
  rangeTest: z.object({ first: z.number(), last: z.number(), steps: z.int() }).optional(),
});

export type Applicable = z.output<typeof applicable>;

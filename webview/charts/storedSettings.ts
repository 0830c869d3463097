import * as z from 'zod';

/** What the user has set on a chart, as it is kept with the state of a page. */
export const chartSettings = z.object({
  logarithmic: z.boolean(),
  smoothing: z.number().nonnegative(),
  range: z.union([z.enum(['fit', 'full']), z.object({ min: z.number(), max: z.number() })]),
  table: z.boolean(),
});

import * as z from 'zod';

/** Schema of chart settings in the stored state of a page. */
export const chartSettings = z.object({
  logarithmic: z.boolean(),
  smoothing: z.number().nonnegative(),
  range: z.union([z.enum(['fit', 'full']), z.object({ min: z.number(), max: z.number() })]),
  table: z.boolean(),
});

import * as z from 'zod';
import { type ForecastPlan, forecastPlanSchema, plainPlan } from './forecastPlan.ts';

/** `series.json` of a run of version 0.1: standardized columns, one of which is forecast. */
const olderPlan = z.object({
  version: z.literal(1),
  columns: z.array(z.string()),
  means: z.array(z.number()),
  deviations: z.array(z.number().positive()),
  timeSteps: z.int().positive(),
  channels: z.int().positive(),
  target: z.int().nonnegative(),
  horizon: z.int().positive(),
});

/** Schema of `series.json` of a run of any version. */
export const storedPlanSchema: z.ZodType<ForecastPlan> = z.preprocess(
  (value) => (olderPlan.safeParse(value).success ? planOf(olderPlan.parse(value)) : value),
  forecastPlanSchema,
);

function planOf({ columns, means, deviations, target, timeSteps, horizon }: z.output<typeof olderPlan>): ForecastPlan {
  const scales = columns.map((_, i) => ({ mean: means[i]!, deviation: deviations[i]! }));
  const own = scales[target]!;
  return plainPlan(
    [columns[target]!],
    { inputs: columns, timeSteps, horizon },
    { inputs: scales, targets: [own], raw: [own] },
  );
}

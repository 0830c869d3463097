import * as z from 'zod';

export const plateausSchema = z.object({
  /** The lowest validation loss yet; null before the first. */
  best: z.number().nullable(),
  /** Validations since then. */
  since: z.int().nonnegative(),
  /** Validations since then, or since the learning rate was last lowered. */
  waited: z.int().nonnegative(),
  /** How often the learning rate was lowered. */
  lowered: z.int().nonnegative(),
});

/** Whether validations still get better: what early stopping and the schedule "plateau" go by. */
export type Plateaus = z.output<typeof plateausSchema>;

export const NO_PLATEAUS: Plateaus = { best: null, since: 0, waited: 0, lowered: 0 };

/**
 * What is known after one more validation. @param patience validations without a lower loss after which the learning
 * rate is lowered
 */
export function afterValidation({ best, since, waited, lowered }: Plateaus, loss: number, patience: number): Plateaus {
  if (best === null || loss < best) return { best: loss, since: 0, waited: 0, lowered };
  const isLong = waited + 1 >= patience;
  return { best, since: since + 1, waited: isLong ? 0 : waited + 1, lowered: lowered + (isLong ? 1 : 0) };
}

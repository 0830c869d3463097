import * as z from 'zod';

/** Number of colors that runs have unless their users choose others. */
export const COLOR_SLOTS = 12;

const RGB = /^#[\da-f]{6}$/i;

/** Color of a run: the number of a slot, or the `#rrggbb` that the user has chosen. */
export const runColor = z.union([
  z.int().nonnegative().lt(COLOR_SLOTS),
  z.custom<`#${string}`>((value) => typeof value === 'string' && RGB.test(value)),
]);

export type RunColor = z.output<typeof runColor>;

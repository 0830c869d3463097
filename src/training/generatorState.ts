import * as z from 'zod';

/** The state of a random generator in a checkpoint. */
export const generatorState = z.tuple([z.int(), z.int(), z.int(), z.int()]);

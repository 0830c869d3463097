import * as z from 'zod';

/** The model that a run began with, in place of random weights. */
export const initialWeights = z.object({
  /** Id of its run, which may have been deleted since. */
  run: z.string(),
  /** Optimizer steps that it had taken. */
  step: z.int().nonnegative(),
  /** Whether a language model learned the new tokens of its text, or read them as `<unk>`. */
  extend: z.boolean(),
});

/** Asks a new run to begin with the model of another one. */
export const initialRequest = z.object({
  /** Folder of that run. */
  folder: z.string(),
  extend: z.boolean(),
});

export type InitialWeights = z.output<typeof initialWeights>;
export type InitialRequest = z.output<typeof initialRequest>;

import * as z from 'zod';
import { modelSchema } from '../config/schema.ts';
import { taskNames } from '../config/task.ts';

/** A training step as far as its time depends on it. */
export const stepShape = z.object({
  task: z.enum(taskNames),
  model: modelSchema,
  timeSteps: z.int(),
  batchSize: z.int(),
  /** Symbols of the vocabulary, or width of the vectors that are read. */
  inputs: z.int(),
  /** Classes, or symbols that are written; left out where they are those that are read. */
  outputs: z.int().optional(),
});

export type StepShape = z.output<typeof stepShape>;

import * as z from 'zod';
import { modelSchema } from '../config/schema.ts';
import { taskNames } from '../config/task.ts';

/** Sizes that the time of a training step depends on. */
export const stepShape = z.object({
  task: z.enum(taskNames),
  model: modelSchema,
  timeSteps: z.int(),
  batchSize: z.int(),
  /** Size of the input vocabulary, or width of the input vectors. */
  inputs: z.int(),
  /** Number of classes, or size of the output vocabulary; omitted if it is the input vocabulary. */
  outputs: z.int().optional(),
});

export type StepShape = z.output<typeof stepShape>;

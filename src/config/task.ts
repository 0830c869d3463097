import * as z from 'zod';

/**
 * What is trained: the kinds of tasks by name, each with the fields that only it has. How long sequences are, how many
 * are trained side by side and which network learns them is said by the other parts of the configuration.
 */

const validationSequences = z
  .int()
  .min(1)
  .max(100_000)
  .default(1000)
  .describe('Sequences that are generated once and kept for validation.');

export const taskSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('language-model') }).describe('Predict the next character of a text.'),
  z
    .strictObject({ name: z.literal('temporal-order'), validationSequences })
    .describe('Tell in which order two marks have come, long after they have.'),
  z
    .strictObject({ name: z.literal('adding'), validationSequences })
    .describe('Add two marked numbers of a long sequence.'),
  z
    .strictObject({ name: z.literal('copying'), validationSequences })
    .describe('Write down at the end what stood at the beginning.'),
  z
    .strictObject({ name: z.literal('counting'), validationSequences })
    .describe('Foretell as many b as there were a, then the end.'),
]);

export type TaskConfig = z.output<typeof taskSchema>;
export type TaskName = TaskConfig['name'];

export const taskNames = taskSchema.options.map(({ shape }) => shape.name.value);

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

const badRows = z
  .enum(['skip', 'refuse'])
  .default('skip')
  .describe('What is done with rows that cannot be used: left out and named, or the whole file refused.');

const tagging = z
  .strictObject({
    name: z.literal('tagging'),
    wordColumn: z.int().min(0).max(1000).default(0).describe('Column of the words, from 1; 0 finds it: the first, or the one of CoNLL-U.'),
    tagColumn: z.int().min(0).max(1000).default(0).describe('Column of the tags, from 1; 0 finds it: the last, or the one of CoNLL-U.'),
    minimumCount: z.int().min(1).max(1000).default(3).describe('Occurrences that a word needs to be known as it is; rarer ones are known by shape and ending.'),
    maximumVocabulary: z.int().min(10).max(1_000_000).default(50_000).describe('Most words that are known as they are: the most frequent ones.'),
    badRows,
  })
  .describe('Give each word of a sentence its tag: parts of speech, named entities.');

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
  tagging,
]);

export type TaskConfig = z.output<typeof taskSchema>;
export type TaskName = TaskConfig['name'];

export const taskNames = taskSchema.options.map(({ shape }) => shape.name.value);

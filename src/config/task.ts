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

const classification = z
  .strictObject({
    name: z.literal('classification'),
    tokens: z
      .enum(['word', 'character'])
      .default('word')
      .describe('What a text is read as: words and punctuation marks, or characters.'),
    textColumn: z
      .string()
      .default('')
      .describe('Column of the texts in a table, by name or number from 1; empty finds it.'),
    labelColumn: z
      .string()
      .default('')
      .describe('Column of the labels in a table, by name or number from 1; empty finds it.'),
    minimumCount: z
      .int()
      .min(1)
      .max(1000)
      .default(2)
      .describe('Occurrences that a token needs to be in the vocabulary.'),
    maximumVocabulary: z
      .int()
      .min(2)
      .max(1_000_000)
      .default(20_000)
      .describe('Most tokens of the vocabulary: the most frequent ones.'),
    maximumLength: z
      .int()
      .min(1)
      .max(100_000)
      .default(400)
      .describe('Tokens of a text that are read; what comes after them is cut off.'),
    classWeights: z
      .enum(['none', 'balanced'])
      .default('none')
      .describe('Whether rare classes count for more, so that all weigh the same together.'),
    wordDropout: z
      .number()
      .min(0)
      .max(0.95)
      .default(0)
      .describe('Share of the tokens that a network reads as unknown while it trains.'),
    wordVectors: z
      .string()
      .default('')
      .describe(
        'File of word vectors in the text form of GloVe or word2vec that the embedding starts from; empty starts at random.',
      ),
    badRows,
  })
  .describe('Tell the class of a text: its sentiment, its language, whether it is spam.');

const tagging = z
  .strictObject({
    name: z.literal('tagging'),
    wordColumn: z
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .describe('Column of the words, from 1; 0 finds it: the first, or the one of CoNLL-U.'),
    tagColumn: z
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .describe('Column of the tags, from 1; 0 finds it: the last, or the one of CoNLL-U.'),
    minimumCount: z
      .int()
      .min(1)
      .max(1000)
      .default(3)
      .describe('Occurrences that a word needs to be known as it is; rarer ones are known by shape and ending.'),
    maximumVocabulary: z
      .int()
      .min(10)
      .max(1_000_000)
      .default(50_000)
      .describe('Most words that are known as they are: the most frequent ones.'),
    badRows,
  })
  .describe('Give each word of a sentence its tag: parts of speech, named entities.');

const validationPairs = z
  .int()
  .min(1)
  .max(100_000)
  .default(500)
  .describe(
    'Pairs of texts that a validation scores and translates, at most; of generated ones, so many are kept for it.',
  );

const beam = z
  .int()
  .min(1)
  .max(64)
  .default(1)
  .describe(
    'Hypotheses that are kept at each step when a stored model is used; 1 takes the likeliest token each time.',
  );

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
  classification,
  tagging,
  z
    .strictObject({
      name: z.literal('sequence-to-sequence'),
      target: z
        .string()
        .default('')
        .describe('File of the target texts, line by line like data.train; empty where both are columns of one table.'),
      sourceColumn: z
        .string()
        .default('')
        .describe('Column of the source texts in a table, by its name or number; empty takes the first.'),
      targetColumn: z.string().default('').describe('Column of the target texts; empty takes the second.'),
      tokens: z.enum(['word', 'character']).default('word').describe('What is read and written one after the other.'),
      minimumCount: z
        .int()
        .min(1)
        .max(1000)
        .default(2)
        .describe('Occurrences that a token needs to get into a vocabulary; rarer ones are read as <unk>.'),
      validationPairs,
      beam,
    })
    .describe('Turn a text into another, as in translation.'),
  z
    .strictObject({ name: z.literal('dates'), validationPairs, beam })
    .describe('Write dates, as people write them, in the form YYYY-MM-DD.'),
  z
    .strictObject({
      name: z.literal('reversing'),
      longest: z.int().min(1).max(200).default(10).describe('Letters of the longest words.'),
      validationPairs,
      beam,
    })
    .describe('Write words of random letters backwards.'),
  z
    .strictObject({
      name: z.literal('forecasting'),
      column: z
        .string()
        .default('')
        .describe('Column of numbers that is foretold; empty takes the last. All columns of numbers are read.'),
      horizon: z
        .int()
        .min(1)
        .max(1000)
        .default(1)
        .describe('Steps that are foretold, right after the data.sequenceLength steps that are read.'),
      missing: z
        .enum(['previous', 'refuse'])
        .default('previous')
        .describe('What stands for a cell without a number: the number before it; or the file is refused.'),
    })
    .describe('Foretell the next values of a series of numbers.'),
  z
    .strictObject({ name: z.literal('conditioned-generation') })
    .describe('Write texts that a label asks for, such as names of a language.'),
]);

export type TaskConfig = z.output<typeof taskSchema>;
export type TaskName = TaskConfig['name'];

export const taskNames = taskSchema.options.map(({ shape }) => shape.name.value);

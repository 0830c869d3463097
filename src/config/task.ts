import * as z from 'zod';
import { phrase } from '../phrases/phrase.ts';

/**
 * The tasks by name, each with the fields that only it has. Sequence length, batch size and model are in the other
 * parts of the configuration.
 */

const validationSequences = z
  .int()
  .min(1)
  .max(100_000)
  .default(1000)
  .describe('Number of sequences generated for validation.');

const badRows = z
  .enum(['skip', 'refuse'])
  .default('skip')
  .describe('Handling of unusable rows: skip and report them, or refuse the file.');

/** Lists separated by commas. The check of a configuration shows the texts as phrases. */
const LIST_OF_CYCLES = /^\s*((hour|weekday|day|month)\s*(,\s*(hour|weekday|day|month)\s*)*)?$/;
const LIST_OF_CYCLES_TEXT = phrase('allowed are hour, weekday, day and month, separated by commas');
const LIST_OF_NUMBERS = /^\s*([-+]?\d+(\.\d+)?\s*(,\s*[-+]?\d+(\.\d+)?\s*)*)?$/;
const LIST_OF_NUMBERS_TEXT = phrase('allowed are numbers separated by commas, such as -200,-9999');
const LIST_OF_SHARES = /^\s*0?\.\d+\s*(,\s*0?\.\d+\s*)*$/;
const LIST_OF_SHARES_TEXT = phrase('allowed are numbers between 0 and 1 separated by commas, such as 0.1,0.5,0.9');

const classification = z
  .strictObject({
    name: z.literal('classification'),
    tokens: z
      .enum(['word', 'character', 'subword'])
      .default('word')
      .describe(
        'Tokens of a text: words and punctuation marks; characters; or subwords, which the tokenizer of an imported model finds.',
      ),
    wordRules: z
      .enum(['unicode', 'english'])
      .default('unicode')
      .describe(
        'Rules that find words: those of Unicode, for texts in any script; or those of the bundled sentiment model, which drop accents and the vowel signs of other scripts.',
      ),
    lowerCase: z.boolean().default(true).describe('Read upper-case letters as lower-case ones.'),
    stripAccents: z
      .boolean()
      .default(false)
      .describe('Read Latin and Greek letters without their accents. Marks of other scripts are kept.'),
    textColumn: z
      .string()
      .default('')
      .describe('Text column of a table, by name or number from 1. If empty, it is detected.'),
    labelColumn: z
      .string()
      .default('')
      .describe('Label column of a table, by name or number from 1. If empty, it is detected.'),
    labelSeparator: z
      .string()
      .max(5)
      .default('')
      .describe(
        'Separator of labels in a cell, such as a comma, if a text may have several: the model decides about each label by itself. If empty, a cell is one label.',
      ),
    groupColumn: z
      .string()
      .default('')
      .describe(
        'Column of a table, by name or number from 1, whose rows with the same value are never split between training and validation, such as the author. If empty, there are no groups.',
      ),
    minimumCount: z
      .int()
      .min(1)
      .max(1000)
      .default(2)
      .describe('Minimum number of occurrences of a token in the vocabulary.'),
    maximumVocabulary: z
      .int()
      .min(2)
      .max(1_000_000)
      .default(20_000)
      .describe('Maximum size of the vocabulary; the most frequent tokens are kept.'),
    maximumLength: z
      .int()
      .min(1)
      .max(100_000)
      .default(400)
      .describe('Maximum number of tokens read from a text; the rest is cut off.'),
    classWeights: z
      .enum(['none', 'balanced'])
      .default('none')
      .describe('Weight the loss so that every class has the same total weight (balanced).'),
    wordDropout: z
      .number()
      .min(0)
      .max(0.95)
      .default(0)
      .describe('Fraction of tokens replaced by <unk> while a network trains.'),
    wordVectors: z
      .string()
      .default('')
      .describe(
        'File of word vectors in the text format of GloVe or word2vec that initializes the embedding. If empty, the embedding is initialized at random.',
      ),
    badRows,
  })
  .describe('Classify a text: its sentiment, its language, whether it is spam.');

const tagging = z
  .strictObject({
    name: z.literal('tagging'),
    wordColumn: z
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .describe('Word column, from 1. 0 detects it by the format of the file, such as the first column.'),
    tagColumn: z
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .describe('Tag column, from 1. 0 detects it by the format of the file, such as the last column.'),
    minimumCount: z
      .int()
      .min(1)
      .max(1000)
      .default(3)
      .describe(
        'Minimum number of occurrences of a word in the vocabulary. Rarer words are represented by shape and suffix.',
      ),
    maximumVocabulary: z
      .int()
      .min(10)
      .max(1_000_000)
      .default(50_000)
      .describe('Maximum number of words in the vocabulary; the most frequent words are kept.'),
    badRows,
  })
  .describe('Tag each word of a sentence: parts of speech, named entities.');

const validationPairs = z
  .int()
  .min(1)
  .max(100_000)
  .default(500)
  .describe(
    'Maximum number of pairs that a validation scores and translates; for generated data, the number of pairs held out.',
  );

const beam = z.int().min(1).max(64).default(1).describe('Beam width when a saved model is used. 1 is greedy decoding.');

export const taskSchema = z.discriminatedUnion('name', [
  z
    .strictObject({
      name: z.literal('language-model'),
      tokens: z
        .enum(['character', 'word', 'subword'])
        .default('character')
        .describe(
          'Tokens of a text: characters; words, punctuation marks and line breaks; or subwords, which the tokenizer of an imported model finds.',
        ),
      minimumCount: z
        .int()
        .min(1)
        .max(1000)
        .default(2)
        .describe('Minimum number of occurrences of a word in the vocabulary. Rarer words become <unk>.'),
      maximumVocabulary: z
        .int()
        .min(2)
        .max(1_000_000)
        .default(10_000)
        .describe('Maximum number of words in the vocabulary; the most frequent are kept.'),
    })
    .describe('Predict the next character or word of a text.'),
  z
    .strictObject({ name: z.literal('temporal-order'), validationSequences })
    .describe('Remember the order of two marks until the end of a sequence.'),
  z
    .strictObject({ name: z.literal('adding'), validationSequences })
    .describe('Add two marked numbers of a long sequence.'),
  z
    .strictObject({ name: z.literal('copying'), validationSequences })
    .describe('Repeat the beginning of a sequence at its end.'),
  z
    .strictObject({ name: z.literal('counting'), validationSequences })
    .describe('Predict as many b as there were a, then the end.'),
  z
    .strictObject({
      name: z.literal('recall'),
      distance: z
        .int()
        .min(1)
        .max(4095)
        .default(60)
        .describe('Steps from the end of a sequence back to the letter that is the answer.'),
      validationSequences,
    })
    .describe('Name the letter that stood a fixed number of steps before the end of a sequence of random digits.'),
  classification,
  tagging,
  z
    .strictObject({
      name: z.literal('sequence-to-sequence'),
      target: z
        .string()
        .default('')
        .describe(
          'File of the target texts, aligned line by line with data.train. If empty, both are columns of one table.',
        ),
      sourceColumn: z
        .string()
        .default('')
        .describe('Source column of a table, by name or number from 1. If empty, the first column.'),
      targetColumn: z
        .string()
        .default('')
        .describe('Target column of a table, by name or number from 1. If empty, the second column.'),
      tokens: z
        .enum(['word', 'subword', 'character'])
        .default('word')
        .describe(
          'Tokens that are read and written: words; subwords, which byte-pair encoding learns from the training part (Sennrich et al. 2016); or characters.',
        ),
      merges: z
        .int()
        .min(1)
        .max(100_000)
        .default(2000)
        .describe('Number of pairs that byte-pair encoding joins on each side; more of them make longer subwords.'),
      minimumCount: z
        .int()
        .min(1)
        .max(1000)
        .default(2)
        .describe('Minimum number of occurrences of a token in a vocabulary. Rarer tokens become <unk>.'),
      validationPairs,
      beam,
    })
    .describe('Transform one text into another, as in translation.'),
  z
    .strictObject({ name: z.literal('dates'), validationPairs, beam })
    .describe('Convert dates in everyday formats to YYYY-MM-DD.'),
  z
    .strictObject({
      name: z.literal('reversing'),
      longest: z.int().min(1).max(200).default(10).describe('Length of the longest words.'),
      validationPairs,
      beam,
    })
    .describe('Reverse words of random letters.'),
  z
    .strictObject({
      name: z.literal('forecasting'),
      column: z
        .string()
        .default('')
        .describe(
          'Columns to forecast, by name or number from 1, separated by commas. If empty, the last of the input columns.',
        ),
      inputs: z
        .string()
        .default('')
        .describe(
          'Columns that the model reads, by name or number from 1, separated by commas. If empty, all numeric columns except identifiers, row numbers and constants; * is all numeric columns.',
        ),
      timeColumn: z
        .string()
        .default('')
        .describe(
          'Column of dates or times, by name or number from 1; rows are sorted by it. If empty, it is detected; "none" takes the rows as they are.',
        ),
      seriesColumn: z
        .string()
        .default('')
        .describe(
          'Column that names the series of each row, by name or number from 1, if the file has several. Each series is scaled by itself, and no window spans two. If empty, the file is one series.',
        ),
      gaps: z
        .enum(['previous', 'interpolate', 'split', 'refuse'])
        .default('previous')
        .describe(
          'Handling of missing time steps: repeat the previous row, interpolate (which uses later values), split the series so that no window spans a gap, or refuse the file.',
        ),
      doubles: z
        .enum(['mean', 'last', 'refuse'])
        .default('mean')
        .describe('Handling of several rows with the same time: their mean, the last of them, or refuse the file.'),
      calendar: z
        .string()
        .regex(LIST_OF_CYCLES, LIST_OF_CYCLES_TEXT.phrase)
        .default('')
        .describe(
          'Calendar features that the model reads as sine and cosine: hour, weekday, day (of the month) and month, separated by commas.',
        ),
      missing: z
        .enum(['ask', 'previous', 'refuse'])
        .default('ask')
        .describe(
          'Handling of missing values: repeat the previous value, or refuse the file. ask repeats it in columns of which at most 5 % are missing or unreadable, and refuses others.',
        ),
      missingValues: z
        .string()
        .regex(LIST_OF_NUMBERS, LIST_OF_NUMBERS_TEXT.phrase)
        .default('')
        .describe('Numbers that mean that a value is missing, separated by commas, such as -200,-9999.'),
      transform: z
        .enum(['auto', 'none', 'difference', 'seasonal-difference', 'log', 'log-difference', 'log-seasonal-difference'])
        .default('auto')
        .describe(
          'Transform of the forecast columns: the values, their logarithms, or the change since the last value or the last season. "auto" takes the one whose simplest forecast has the smallest error on the training part.',
        ),
      season: z
        .int()
        .min(0)
        .max(100_000)
        .default(0)
        .describe('Steps in a season, such as 24 for hours of a day. 0 finds it in the training part.'),
      horizon: z
        .int()
        .min(1)
        .max(1000)
        .default(1)
        .describe('Number of steps to forecast after the data.sequenceLength steps that the model reads.'),
      strategy: z
        .enum(['direct', 'recursive'])
        .default('direct')
        .describe(
          'Forecast of several steps: all at once with an output for each step, or one step at a time from the forecasts before it.',
        ),
      loss: z
        .enum(['squared', 'quantile'])
        .default('squared')
        .describe(
          'Loss: the squared error, or the quantile (pinball) loss of Koenker and Bassett 1978, which learns the interval.',
        ),
      quantiles: z
        .string()
        .regex(LIST_OF_SHARES, LIST_OF_SHARES_TEXT.phrase)
        .default('0.1,0.5,0.9')
        .describe('Quantiles that the quantile loss learns, in ascending order with 0.5 among them.'),
    })
    .describe('Forecast the next values of a numeric series.'),
  z
    .strictObject({ name: z.literal('conditioned-generation') })
    .describe('Generate texts for a label, such as names of a language.'),
]);

export type TaskConfig = z.output<typeof taskSchema>;
export type TaskName = TaskConfig['name'];

export const taskNames = taskSchema.options.map(({ shape }) => shape.name.value);

/** The tasks whose sequences are generated in the training thread, step by step or with one answer. */
export type SequenceTaskName = Extract<TaskConfig, { validationSequences: number }>['name'];

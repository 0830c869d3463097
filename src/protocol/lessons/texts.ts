import * as z from 'zod';

/** Lessons on sentences of the user, which a trainer computes. */

/** Limits of a lesson, which shows its sentences word by word. */
export const MAX_TEXTS = 8;
export const MAX_TEXT_CHARACTERS = 400;

/** The three sentences of the lecture, which its slides on words use. */
export const LECTURE_TEXTS = [
  'The sun is shining',
  'The weather is sweet',
  'The sun is shining, the weather is sweet, and one and one is two',
];

/** Width of a word's vector; small enough to read. */
export const DIMENSIONS = 4;

/** Embedding matrix of the lecture: a row for each word of its sentences, and for the padding. */
export const LECTURE_EMBEDDING: Readonly<Record<string, readonly number[]>> = {
  and: [1.1, 1.2, 1.3, 1.4],
  is: [2.1, 2.2, 2.3, 2.4],
  one: [3.1, 2.6, 1.5, 9.1],
  shining: [4.1, 2.6, 2.2, 8.8],
  sun: [5.1, 3.6, 1.5, 9.1],
  sweet: [6.1, 9.1, 7.4, 9.0],
  the: [7.1, 2.5, 1.5, 1.5],
  two: [8.1, 6.1, 1.5, 6.2],
  weather: [9.1, 5.5, 1.1, 9.1],
  '<pad>': [1.1, 5.3, 4.8, 9.1],
};

const count = z.int().nonnegative();
const numbers = z.array(z.number());

export const lessonTexts = z.array(z.string().max(MAX_TEXT_CHARACTERS)).min(1).max(MAX_TEXTS);

/** Words of each text in lower case, without punctuation. */
const textWords = z.array(z.array(z.string()));

/** Limits of the training of the classifier of bags of words. */
export const MAX_BAG_STEPS = 5000;
export const MAX_BAG_LEARNING_RATE = 100;

const label = z.union([z.literal(0), z.literal(1)]);

const bagOfWordsRequest = z.object({
  texts: lessonTexts,
  /** Class of each text. */
  labels: z.array(label),
  steps: z.int().positive().max(MAX_BAG_STEPS),
  learningRate: z.number().positive().max(MAX_BAG_LEARNING_RATE),
});

const bagOfWordsResult = z.object({
  words: textWords,
  /** Distinct words of all texts, the columns of the design matrix. */
  columns: z.array(z.string()),
  /** Design matrix `[texts, columns]`: how often each word occurs in each text. */
  bags: numbers,
  /** Mean cross-entropy in nats before the first step and after each step. */
  losses: numbers,
  /** Weights of the words after the last step, `[columns]`, and the bias. */
  weights: numbers,
  bias: z.number(),
  /** Probability of class 1 for each text after the last step. */
  probabilities: numbers,
  /** A bound that no classifier of bags of words can get below: equal bags with different labels cost at least this. */
  lowestLoss: z.number().nonnegative(),
});

const pipelineRequest = z.object({
  texts: lessonTexts,
  /** Rows of the embedding matrix, by their words. Other words get random rows, always the same for a word. */
  embedding: z.record(z.string(), z.array(z.number()).length(DIMENSIONS)),
  /** Index of the text whose vectors are computed. */
  text: count,
});

const pipelineResult = z.object({
  words: textWords,
  /** The words in the order of their indices, with `<unk>` first and `<pad>` last. */
  vocabulary: z.array(z.string()),
  /** Number of occurrences of each word of the vocabulary. */
  counts: z.array(count),
  /** Indices of the words of each text. */
  ids: z.array(z.array(count)),
  /** Words of the longest text. */
  timeSteps: count,
  /** Indices `[texts, timeSteps]`, with the index of `<pad>` after the end of shorter texts. */
  padded: z.array(count),
  /** Embedding matrix `[vocabulary, DIMENSIONS]`. */
  embedding: numbers,
  /** One-hot vectors of the chosen text `[words, vocabulary]`. */
  oneHot: numbers,
  /** The one-hot vectors times the embedding matrix, `[words, DIMENSIONS]`. */
  product: numbers,
  /** The rows of the embedding matrix at the indices, `[words, DIMENSIONS]`. */
  lookup: numbers,
});

const orderResult = z.object({
  words: textWords,
  /** Distinct words of all texts, the columns of the bags of words. */
  columns: z.array(z.string()),
  /** Bags of words `[texts, columns]`. */
  bags: numbers,
  /** Number of hidden units. */
  units: count,
  /** Hidden states after each word of each text, `[words, units]`. */
  states: z.array(numbers),
  /** Euclidean distances between the final hidden states, `[texts, texts]`. */
  distances: numbers,
});

/** Functions that the trainer serves to the host, and the host to the page. */
export const textLessonContract = {
  /** Design matrix and a logistic regression on it. @throws Error that describes what is wrong with the texts */
  workBagOfWords: { args: z.tuple([bagOfWordsRequest]), result: bagOfWordsResult },
  /** Words, vocabulary, indices, one-hot vectors, embedding. @throws Error that describes what is wrong with the texts */
  workPipeline: { args: z.tuple([pipelineRequest]), result: pipelineResult },
  /** Bags of words and recurrent states. @throws Error that describes what is wrong with the texts */
  workOrder: { args: z.tuple([z.object({ texts: lessonTexts })]), result: orderResult },
} as const;

export type BagOfWordsRequest = z.output<typeof bagOfWordsRequest>;
export type BagOfWordsResult = z.output<typeof bagOfWordsResult>;
export type PipelineRequest = z.output<typeof pipelineRequest>;
export type PipelineResult = z.output<typeof pipelineResult>;
export type OrderResult = z.output<typeof orderResult>;

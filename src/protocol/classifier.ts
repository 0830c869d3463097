import * as z from 'zod';
import type { Remote } from './rpc.ts';
import { textSource } from '../config/textSource.ts';
import { backendOptions } from './backendOptions.ts';

/**
 * The boundary between the extension host and a thread that classifies texts, with the bundled sentiment model or one
 * trained by a run. The thread of a trainer could do that too, but loads several times as much before its first answer.
 */

/** Start data of a thread that classifies. */
export const classifierTask = z.object({ serve: z.literal('classifier') });

/** Folder of the run that trained the classifier; null for the bundled model. */
const openClassifierRequest = z.object({ run: z.string().nullable(), backends: backendOptions });

/** Probability of each class, in the order of the model's labels. */
const probabilities = z.array(z.number()).readonly();

const sentence = z.object({
  /** Offset in the text, in UTF-16 code units. */
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  label: z.string(),
  probability: z.number(),
  probabilities,
  unsure: z.boolean(),
  opinion: z.number().nullable(),
});

const word = z.object({
  text: z.string(),
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  /**
   * Shapley value for the log odds of the answer, in nats; negative values speak against it. With `baseline`, the
   * contributions of all words add up to `logOdds`.
   */
  contribution: z.number(),
  /** Change of the log odds in nats when only this word is hidden, with the sign reversed. */
  leaveOneOut: z.number(),
  known: z.boolean(),
});

/** Answer of the model for a text. */
const textAnswer = z.object({
  label: z.string(),
  /** Probability of that label. */
  probability: z.number(),
  probabilities,
  /** Whether there is any doubt: the text is neutral, or the answer is close to a guess. */
  unsure: z.boolean(),
  doubts: z.array(z.enum(['neutral', 'close', 'unknown-words', 'language'])).readonly(),
  /** Degree to which the text expresses an opinion, 0 to 1; null if the model cannot tell. */
  opinion: z.number().nullable(),
  language: z.enum(['english', 'other', 'unknown']),
  wordCount: z.int().nonnegative(),
  unknownWords: z.array(z.string()).readonly(),
  /** Sentences of a long text; a short text is one sentence. */
  sentences: z.array(sentence).readonly(),
});

/** An answer with its explanation. */
const explanation = z.object({
  ...textAnswer.shape,
  /** Log odds ln(p / (1 - p)) of the answer in nats; p is `probability`. */
  logOdds: z.number(),
  /** The log odds if every explained word is hidden: read as `<unk>` by the sentiment model, removed in other models. */
  baseline: z.number(),
  words: z.array(word).readonly(),
  /** The probabilities after each word, as if the text ended there. */
  running: z.array(probabilities).readonly(),
  /** Number of words at the end of a very long text that are not explained individually. */
  wordsLeftOut: z.int().nonnegative(),
});

/** Description of an open classifier. */
const classifierDescription = z.object({ labels: z.array(z.string()).readonly() });

/** Description of a table whose rows can be classified. */
const openedTable = z.object({
  columns: z.array(z.string()),
  /** Column of the texts, as detected. */
  text: z.int().nonnegative(),
  rows: z.int().nonnegative(),
  /** Rows that cannot be read. */
  skipped: z.int().nonnegative(),
  /** Header with the columns of the answer, line break included; empty for a table without a header. */
  head: z.string(),
  /** Language of a document with the rows. */
  kind: z.enum(['csv', 'tsv', 'jsonl']),
});

const classifyRowsRequest = z.object({
  /** Column of the texts. */
  column: z.int().nonnegative(),
  from: z.int().nonnegative(),
  count: z.int().positive(),
});

/** Functions that the thread serves. It calls none of its owner. */
export const classifierContract = {
  /** Opens a classifier and closes the previous one. */
  openClassifier: { args: z.tuple([openClassifierRequest]), result: classifierDescription },
  /** Classifies a text, which takes a fraction of the time of `explain`. @throws once `cancelClassification` was called */
  answer: { args: z.tuple([z.string()]), result: textAnswer },
  /** Classifies a text and explains the answer. @throws once `cancelClassification` was called */
  explain: { args: z.tuple([z.string()]), result: explanation },
  /** Opens a table and closes the previous one. */
  openTable: { args: z.tuple([textSource]), result: openedTable },
  /**
   * Rows of the open table, with their label and its probability, as text. @throws once `cancelClassification` was
   * called
   */
  classifyRows: { args: z.tuple([classifyRowsRequest]), result: z.string() },
  /** Cancels the running classification, which fails with `AbortError`. */
  cancelClassification: { args: z.tuple([]), result: z.void() },
} as const;

export type TextAnswer = z.output<typeof textAnswer>;
export type Explanation = z.output<typeof explanation>;
export type ExplainedSentence = z.output<typeof sentence>;
export type ClassifierDescription = z.output<typeof classifierDescription>;
export type OpenClassifierRequest = z.output<typeof openClassifierRequest>;
export type RemoteClassifier = Remote<typeof classifierContract>;
export type OpenedTable = z.output<typeof openedTable>;
export type ClassifyRowsRequest = z.output<typeof classifyRowsRequest>;

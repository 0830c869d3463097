import * as z from 'zod';
import type { Remote } from './rpc.ts';
import { textSource } from '../config/textSource.ts';

/**
 * Questions to a classifier of texts that a trainer has opened: the bundled model of sentiment, or one that a run has
 * trained.
 */

/** Of every class, in the order of the model's labels. */
const probabilities = z.array(z.number()).readonly();

const sentence = z.object({
  /** In the text, UTF-16 units. */
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  label: z.string(),
  probability: z.number(),
  probabilities,
});

const word = z.object({
  text: z.string(),
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  /** How much it speaks for the answer, in nats of log odds; negative: against it. */
  contribution: z.number(),
  known: z.boolean(),
});

/** What the model says of a text, and why. */
const explanation = z.object({
  label: z.string(),
  /** Of that label. */
  probability: z.number(),
  probabilities,
  /** The answer is hardly more than a guess. */
  unsure: z.boolean(),
  language: z.enum(['english', 'other', 'unknown']),
  wordCount: z.int().nonnegative(),
  unknownWords: z.array(z.string()).readonly(),
  words: z.array(word).readonly(),
  /** The probabilities after each word, as if the text ended there. */
  running: z.array(probabilities).readonly(),
  /** The sentences of a long text; one, the whole, for a short text. */
  sentences: z.array(sentence).readonly(),
  /** Words at the end of a very long text that are not explained one by one. */
  wordsLeftOut: z.int().nonnegative(),
});

/** A classifier that was opened. */
export const classifierDescription = z.object({ labels: z.array(z.string()).readonly() });

/** A table whose rows are to be classified. */
const openedTable = z.object({
  columns: z.array(z.string()),
  /** The column of the texts, as it is guessed. */
  text: z.int().nonnegative(),
  rows: z.int().nonnegative(),
  /** Rows that cannot be read. */
  leftOut: z.int().nonnegative(),
  /** The header with the columns of the answer, line break included; empty where the table has none. */
  head: z.string(),
  kind: z.enum(['csv', 'tsv', 'jsonl']),
});

const classifyRowsRequest = z.object({
  /** Of the texts. */
  column: z.int().nonnegative(),
  from: z.int().nonnegative(),
  count: z.int().positive(),
});

export const classifierContract = {
  /** Classifies a text and says why. @throws once `cancelClassification` was called */
  explain: { args: z.tuple([z.string()]), result: explanation },
  /** Opens a table in place of the one that was open. */
  openTable: { args: z.tuple([textSource]), result: openedTable },
  /**
   * Rows of the open table, with their label and its probability, as text. @throws once `cancelClassification` was
   * called
   */
  classifyRows: { args: z.tuple([classifyRowsRequest]), result: z.string() },
  /** Ends what is being classified; it is refused with `AbortError`. */
  cancelClassification: { args: z.tuple([]), result: z.void() },
} as const;

export type Explanation = z.output<typeof explanation>;
export type ExplainedSentence = z.output<typeof sentence>;
export type ClassifierDescription = z.output<typeof classifierDescription>;
export type RemoteClassifier = Remote<typeof classifierContract>;
export type OpenedTable = z.output<typeof openedTable>;
export type ClassifyRowsRequest = z.output<typeof classifyRowsRequest>;

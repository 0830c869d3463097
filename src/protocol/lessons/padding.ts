import * as z from 'zod';
import { DIMENSIONS, lessonTexts } from './texts.ts';

/** Lesson on convolutions over sentences of different length, which a trainer computes. */

export const MAX_KERNEL_WIDTH = 5;

const numbers = z.array(z.number());

const paddingRequest = z.object({
  texts: lessonTexts,
  /** Rows of the embedding matrix, by their words. Other words get random rows, always the same for a word. */
  embedding: z.record(z.string(), z.array(z.number()).length(DIMENSIONS)),
  /** One filter `[width, DIMENSIONS]`, the earliest step first. */
  filter: z.array(z.array(z.number()).length(DIMENSIONS)).min(1).max(MAX_KERNEL_WIDTH),
  bias: z.number(),
});

/** Values of the filter at each step after the ReLU, and what pooling makes of them. */
const convolution = z.object({
  /** `[texts, timeSteps]`; 0 where a mask excludes the step. */
  values: numbers,
  /** Largest value of each text, and its first step. */
  max: numbers,
  maxAt: z.array(z.int().nonnegative()),
  mean: numbers,
});

const paddingResult = z.object({
  words: z.array(z.array(z.string())),
  vocabulary: z.array(z.string()),
  /** Words of the longest text. */
  timeSteps: z.int().nonnegative(),
  /** Indices `[texts, timeSteps]`, with the index of `<pad>` after the end of shorter texts. */
  padded: z.array(z.int().nonnegative()),
  /** Rows of the embedding matrix at these indices, `[texts, timeSteps, DIMENSIONS]`. */
  vectors: numbers,
  /** Padding is read as a word with its own vector, and pooled. */
  unmasked: convolution,
  /** The vectors of the padding are zero, and pooling ends with the text. */
  masked: convolution,
});

/** Functions that the trainer serves to the host, and the host to the page. */
export const paddingLessonContract = {
  /** Convolution with and without a mask. @throws Error that describes what is wrong with the texts */
  workPadding: { args: z.tuple([paddingRequest]), result: paddingResult },
} as const;

export type PaddingRequest = z.output<typeof paddingRequest>;
export type PaddingResult = z.output<typeof paddingResult>;
export type Convolution = z.output<typeof convolution>;

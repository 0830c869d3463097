import * as z from 'zod';
import { reportBlock } from './report.ts';
import type { Functions, Remote } from './rpc.ts';

/** The boundary between the extension host and the view "Course", and the lessons that a trainer computes. */

/** Limits of a lesson, which shows its texts word by word. */
export const MAX_TEXTS = 8;
export const MAX_TEXT_CHARACTERS = 400;

const text = z.string().max(MAX_TEXT_CHARACTERS);

/** A lesson that is computed step by step on texts of the user. */
export const lesson = z.discriminatedUnion('kind', [
  /** Words, vocabulary, indices, one-hot vectors, embedding. */
  z.object({ kind: z.literal('pipeline'), texts: z.array(text).min(1).max(MAX_TEXTS) }),
  /** Bags of words and recurrent states of two sentences. */
  z.object({ kind: z.literal('order'), texts: z.array(text).length(2) }),
]);

export const lessonSteps = z.array(reportBlock).readonly();

/** Functions that the view serves. */
export const courseViewContract = {
  /** Shows a lesson with its initial texts. */
  open: { args: z.tuple([lesson]) },
} as const;

/** Functions that the host serves to the view. */
export const courseHostContract = {
  /** The view is loaded and can draw. */
  ready: { args: z.tuple([]) },
  /** Computes a lesson. @throws Error that describes what is wrong with the texts */
  work: { args: z.tuple([lesson]), result: lessonSteps },
  saveFile: {
    args: z.tuple([
      z.object({ format: z.enum(['png', 'svg', 'csv']), name: z.string().max(200), content: z.string() }),
    ]),
    result: z.void(),
  },
  /** Reports an error in the view, which the host logs. */
  report: { args: z.tuple([z.object({ message: z.string() })]) },
} as const;

export type Lesson = z.output<typeof lesson>;
export type LessonSteps = z.output<typeof lessonSteps>;
export type CourseViewFunctions = Functions<typeof courseViewContract>;
export type RemoteCourseView = Remote<typeof courseViewContract>;

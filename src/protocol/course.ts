import * as z from 'zod';
import { probeStep } from './comparison.ts';
import { constructionLessonContract } from './lessons/construction.ts';
import { hmmLessonContract } from './lessons/hmm.ts';
import { paddingLessonContract } from './lessons/padding.ts';
import { lessonId, lessonRuns, lessonTraining } from './lessons/runs.ts';
import { lessonTexts, textLessonContract } from './lessons/texts.ts';
import { untrainedHostContract } from './lessons/untrained.ts';
import { saveFile } from './panel.ts';
import type { Functions, Remote } from './rpc.ts';

/** The boundary between the extension host and the view "Course". */

/** What to show: a lesson, or the table of contents. */
const lessonRequest = z.object({
  lesson: lessonId.nullable(),
  /** Sentences selected in an editor, for a lesson on sentences. */
  texts: lessonTexts.optional(),
});

/** Functions that the view serves. */
export const courseViewContract = {
  /** Shows a lesson as if the user had chosen it. */
  open: { args: z.tuple([lessonRequest]) },
  /** The runs of the followed lesson have changed. Sent at most twice a second. */
  runs: { args: z.tuple([lessonRuns]) },
} as const;

/** Functions that the host serves to the view. */
export const courseHostContract = {
  /** The view is loaded and can draw. */
  ready: { args: z.tuple([]) },
  ...textLessonContract,
  ...hmmLessonContract,
  ...paddingLessonContract,
  ...constructionLessonContract,
  /** The user has opened a lesson. */
  lessonOpened: { args: z.tuple([lessonId]) },
  /** Sends the runs of a lesson, now and whenever they change; null sends none. */
  followRuns: { args: z.tuple([lessonId.nullable()]) },
  /** Trains the runs of a lesson, one after the other; resolves when they have ended. */
  trainRuns: { args: z.tuple([lessonTraining]), result: z.void() },
  /** Shows the probes of a step in all runs of the followed lesson. */
  showProbesAt: { args: z.tuple([probeStep]) },
  ...untrainedHostContract,
  /** Ends the training of the lesson's runs. */
  stopRuns: { args: z.tuple([]), result: z.void() },
  /** Opens the panel of a run. */
  openRun: { args: z.tuple([z.object({ id: z.string() })]), result: z.void() },
  saveFile,
  /** Reports an error in the view, which the host logs. */
  report: { args: z.tuple([z.object({ message: z.string() })]) },
} as const;

export type LessonRequest = z.output<typeof lessonRequest>;
export type CourseViewFunctions = Functions<typeof courseViewContract>;
export type RemoteCourseView = Remote<typeof courseViewContract>;
export type CourseHostFunctions = Functions<typeof courseHostContract>;
export type RemoteCourseHost = Remote<typeof courseHostContract>;

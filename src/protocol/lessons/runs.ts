import * as z from 'zod';
import { lagCurve } from '../probes.ts';
import { seriesName } from '../metrics.ts';
import { runState } from '../panel.ts';
import { LESSON_IDS } from './lessons.ts';

/** The runs of a lesson that trains, as its page shows them. */

/** Maximum number of seeds that a lesson trains each of its runs with. */
const MAX_SEEDS = 10;

export const lessonId = z.enum(LESSON_IDS);

/** Request to train the runs of a lesson. */
export const lessonTraining = z.object({
  lesson: lessonId,
  /** Fields of the configuration to change in every run, by their dotted paths. */
  changes: z.record(z.string(), z.unknown()).default({}),
  /** Seeds to train every run with; the seed of the sample when omitted. */
  seeds: z.array(z.int().nonnegative()).min(1).max(MAX_SEEDS).optional(),
});

const lessonRunView = z.object({
  id: z.string(),
  /** Key of the run in the table of lessons. */
  key: z.string(),
  seed: z.int().nonnegative(),
  state: runState,
  /** Reason for the end of the run, if it did not complete. */
  message: z.string().nullable(),
  /** Last completed step. */
  step: z.int().nonnegative(),
  /** Step at which the training ends. */
  steps: z.int().positive(),
  /** Decimated curves over the steps: x, y, x, y, ...; a y of null is a value that is not finite. */
  curves: z.partialRecord(seriesName, z.array(z.number().nullable())),
  /** Scores of the last validation by name, such as the accuracy. */
  scores: z.record(z.string(), z.number()),
  /**
   * Gradient of the last step's loss by lag, relative to lag 0: the median over sequences in the layer where the flow is
   * worst, at the latest probe; null without one.
   */
  lastStep: z.object({ step: z.int().nonnegative(), curve: lagCurve }).nullable(),
});

/** The runs of a lesson's last training, in the order in which they were started; empty before the first one. */
export const lessonRuns = z.object({ lesson: lessonId, runs: z.array(lessonRunView) });

export type LessonTraining = z.output<typeof lessonTraining>;
export type LessonRunView = z.output<typeof lessonRunView>;
export type LessonRunList = z.output<typeof lessonRuns>;

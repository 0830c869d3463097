import * as z from 'zod';
import { probedFlow } from '../comparison.ts';
import { scoredStep } from '../events.ts';
import { seriesName } from '../metrics.ts';
import { runState } from '../panel.ts';
import { lagCurve } from '../probes.ts';
import { report } from '../report.ts';
import { LESSON_IDS } from './lessons.ts';

/** The runs of a lesson that trains, as its page shows them. */

/** Maximum number of seeds that a lesson trains each of its runs with. */
const MAX_SEEDS = 10;

export const lessonId = z.enum(LESSON_IDS);

/** Request to train the runs of a lesson. */
export const lessonTraining = z.object({
  lesson: lessonId,
  /** Keys of the runs to train; all runs of the lesson when omitted. */
  runs: z.array(z.string()).min(1).optional(),
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
  /** Seconds of training so far. */
  seconds: z.number().nonnegative(),
  /** Step at which the training ends. */
  steps: z.int().positive(),
  /** Whether the run has completed with a validation that met the criterion of its task. */
  solved: z.boolean(),
  /** Settings that the lessons explain. */
  settings: z.object({
    learningRate: z.number(),
    /** 0 does not clip. */
    clipNorm: z.number(),
    /** Steps after which the gradient is cut within a sequence; 0 does not cut. */
    truncation: z.int().nonnegative(),
    /** Steps from the loss back to the input that decides it, in a task with that distance. */
    distance: z.int().nonnegative().nullable(),
  }),
  /** Decimated curves over the steps: x, y, x, y, ...; a y of null is a value that is not finite. */
  curves: z.partialRecord(seriesName, z.array(z.number().nullable())),
  /** Scores of the last validation by name, such as the accuracy, and their decimated curves. */
  scores: z.record(z.string(), z.number()),
  scoreCurves: z.record(z.string(), z.array(z.number().nullable())),
  /** Report of the task after the last validation; null for a task without one. */
  report: report.nullable(),
  /** The validation with the lowest loss; null before the first one. */
  best: scoredStep.nullable(),
  /** Validation losses of simple models, by name. */
  baselines: z.record(z.string(), z.number()),
  /** Steps of the probes, and the one that is shown; null without a probe. */
  probeSteps: z.array(z.int().nonnegative()),
  flow: probedFlow.nullable(),
  /** The first probe, of the initial weights. */
  firstFlow: probedFlow.nullable(),
  /**
   * Gradient of the last step's loss by lag, relative to lag 0: the median over sequences in the layer where the flow is
   * worst, at the latest probe; null without one.
   */
  lastStep: z.object({ step: z.int().nonnegative(), curve: lagCurve }).nullable(),
});

/** How a run of a lesson has ended, in any of its trainings. */
const lessonOutcome = z.object({
  key: z.string(),
  seed: z.int().nonnegative(),
  /** Whether it met the criterion of its task. */
  solved: z.boolean(),
  /** Last completed step. */
  step: z.int().nonnegative(),
});

export const lessonRuns = z.object({
  lesson: lessonId,
  /**
   * The runs of the lesson's last training, in the order in which they were started; empty before the first one. Runs
   * that are trained in parts have a last training for each part.
   */
  runs: z.array(lessonRunView),
  /** Outcomes with the configurations of the newest runs, one for each key and seed. */
  outcomes: z.array(lessonOutcome),
});

export type LessonTraining = z.output<typeof lessonTraining>;
export type LessonRunView = z.output<typeof lessonRunView>;
export type LessonOutcome = z.output<typeof lessonOutcome>;
export type LessonRunList = z.output<typeof lessonRuns>;

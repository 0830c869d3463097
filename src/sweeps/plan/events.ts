import * as z from 'zod';
import { configChanges } from '../../config/runParent.ts';
import { runConfigSchema } from '../../config/schema.ts';
import { text } from '../../phrases/phrase.ts';
import { sweepFileSchema } from '../schema.ts';

/** Lines of the plan of a sweep. Each has the time at which it was written. */

const at = z.iso.datetime();
const trial = z.int().positive();

/** Where the trials have their data: none, a file, or what a stored run was trained on. */
const trialSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('generated') }),
  z.object({ kind: z.literal('file'), path: z.string() }),
  z.object({ kind: z.literal('run'), folder: z.string() }),
]);

/** First line: what the sweep follows from. */
const sweepEvent = z.object({
  event: z.literal('sweep'),
  version: z.literal(1),
  at,
  id: z.string(),
  /** Absolute path of the sweep file; null if there is none, such as for a form. */
  file: z.string().nullable(),
  /** SHA-256 of the text of that file, hexadecimal. */
  sha256: z.string(),
  sweep: sweepFileSchema,
  /** Complete configuration of the trials, with absolute paths. */
  base: runConfigSchema,
  source: trialSource,
  /** Id of the run that the trials are started from; null without one. */
  parent: z.string().nullable(),
});

const createdEvent = z.object({
  event: z.literal('created'),
  at,
  trial,
  /** Number of its setting, from 0 on. */
  setting: z.int().nonnegative(),
  values: configChanges,
  seed: z.int().nonnegative(),
});

/** A trial begins or goes on, up to a step. */
const startedEvent = z.object({ event: z.literal('started'), at, trial, run: z.string(), steps: z.int().positive() });

const trialEndReason = z.enum(['completed', 'diverged', 'failed']);

/** A trial has ended at its rung. */
const endedEvent = z.object({
  event: z.literal('ended'),
  at,
  trial,
  reason: trialEndReason,
  /** Number that trials are compared by; null if it is not finite or the trial has none. */
  objective: z.number().nullable(),
  /** Steps and seconds of training so far. */
  step: z.int().nonnegative(),
  seconds: z.number().nonnegative(),
  message: text.nullable(),
});

/** The trials of a setting train on to the steps of the next rung. */
const promotedEvent = z.object({
  event: z.literal('promoted'),
  at,
  setting: z.int().nonnegative(),
  /** Rung, from 1 on; new trials are at rung 0. */
  rung: z.int().positive(),
});

/** A trial that failed is tried again. */
const requeuedEvent = z.object({ event: z.literal('requeued'), at, trial });

export const planEvent = z.discriminatedUnion('event', [
  sweepEvent,
  createdEvent,
  startedEvent,
  endedEvent,
  promotedEvent,
  requeuedEvent,
]);

export type SweepHeader = z.output<typeof sweepEvent>;
export type TrialSource = z.output<typeof trialSource>;
export type EndedEvent = z.output<typeof endedEvent>;
export type PlanEvent = z.output<typeof planEvent>;
/** An event of a sweep that runs. */
export type SweepEvent = Extract<PlanEvent, { event: 'started' | 'ended' | 'promoted' }>;
/** An event of a plan that has begun. */
export type TrialEvent = Exclude<PlanEvent, SweepHeader>;

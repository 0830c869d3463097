import * as z from 'zod';
import { runConfigSchema } from '../config/schema.ts';
import type { Functions, Remote } from './rpc.ts';

/** The boundary between the extension host and the form "Sweep from this run". */

/** What the form is about. */
export const sweepFormRequest = z.object({
  /** Distinguishes this request from an earlier one in the same page, whose input is not kept. */
  id: z.string(),
  /** Heading, such as "Sweep from LSTM on ferry.txt". */
  title: z.string(),
  /** The run whose configuration and data the trials have. */
  run: z.object({ id: z.string(), name: z.string() }),
  /** Changes of the configuration of the run, as the base of a sweep file. */
  base: z.record(z.string(), z.unknown()),
  /** The configuration of the run with these changes. */
  start: runConfigSchema,
  /** Number of trials that train at the same time in this window. */
  workers: z.int(),
  /** Whether jobs can be submitted to Slurm. */
  hasSlurm: z.boolean(),
});

/** Content of a sweep file, which the host checks. */
const sweepContent = z.record(z.string(), z.unknown());

/** What a sweep amounts to. */
const sweepCheck = z.object({
  /** What is wrong, each with the path of the part of the sweep file. */
  problems: z.array(z.object({ path: z.string(), reason: z.string() })),
  /** Number of trials, and of settings; null while something is wrong. */
  trials: z.int().nullable(),
  settings: z.int().nullable(),
  /** Sentences about the cost; none if it is not estimated. */
  cost: z.array(z.string()),
});

/** Functions that the form serves. */
export const sweepFormViewContract = {
  /** Shows the fields of a run. */
  show: { args: z.tuple([sweepFormRequest]) },
} as const;

/** Functions that the host serves to the form. */
export const sweepFormHostContract = {
  /** The form is loaded and can draw. */
  ready: { args: z.tuple([]) },
  /** Checks a sweep, and estimates what it costs. */
  check: { args: z.tuple([sweepContent]), result: sweepCheck },
  /** Starts the sweep here and closes the form; rejects if it cannot start. */
  start: {
    args: z.tuple([z.object({ sweep: sweepContent, workers: z.int().min(1).max(1000).nullable() })]),
    result: z.void(),
  },
  /** Starts the sweep on Slurm, with options of the command line, and closes the form; rejects if it cannot start. */
  startOnSlurm: {
    args: z.tuple([z.object({ sweep: sweepContent, options: z.array(z.string()).max(100) })]),
    result: z.void(),
  },
  /** Asks for a place, writes the sweep to a file and opens it. */
  save: { args: z.tuple([sweepContent]), result: z.void() },
  /** Opens the sweep in an editor, without a file. */
  open: { args: z.tuple([sweepContent]), result: z.void() },
  /** Closes the form without a sweep. */
  cancel: { args: z.tuple([]) },
  /** Reports an error in the form, which the host logs. */
  report: { args: z.tuple([z.object({ message: z.string() })]) },
} as const;

export type SweepFormRequest = z.output<typeof sweepFormRequest>;
export type SweepCheck = z.output<typeof sweepCheck>;
export type SweepContent = z.output<typeof sweepContent>;
export type SweepFormViewFunctions = Functions<typeof sweepFormViewContract>;
export type SweepFormHostFunctions = Functions<typeof sweepFormHostContract>;
export type RemoteSweepFormView = Remote<typeof sweepFormViewContract>;

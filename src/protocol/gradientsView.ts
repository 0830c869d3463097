import * as z from 'zod';
import { runView, saveFile } from './panel.ts';
import { probeAtStep, probesChange, tryAdvice } from './probeHistory.ts';
import type { Functions, Remote } from './rpc.ts';

/** The boundary between the extension host and the sidebar view "Gradients". */

/** The run that the view shows. */
const gradientsRun = runView
  .pick({
    id: true,
    name: true,
    title: true,
    state: true,
    steps: true,
    summary: true,
    applies: true,
    logged: true,
    truncation: true,
    probeEvery: true,
  })
  .extend({ step: z.int().nonnegative() });

/** Commands, without their prefix, with which a user who has no runs can begin. */
export const FIRST_COMMANDS = ['trainLstmOnFile', 'openSampleText', 'trainFromConfiguration', 'openCourse'] as const;

export type FirstCommand = (typeof FIRST_COMMANDS)[number];

/** Functions that the view serves. */
export const gradientsViewContract = {
  /** Shows another run and discards all probes; null without a run. */
  show: { args: z.tuple([gradientsRun.nullable()]) },
  /** The run has changed. */
  update: { args: z.tuple([gradientsRun]) },
  /** Its history of probes has changed. Sent only while the view is visible. */
  probes: { args: z.tuple([probesChange]) },
} as const;

/** Functions that the host serves to the view. */
export const gradientsHostContract = {
  /** The view is loaded and can draw. */
  ready: { args: z.tuple([]) },
  probeAt: probeAtStep,
  tryAdvice,
  /** Shows the run's panel at the tab "Gradients". */
  openPanel: { args: z.tuple([]), result: z.void() },
  /** Runs a command that is offered while there is no run. */
  begin: { args: z.tuple([z.enum(FIRST_COMMANDS)]), result: z.void() },
  saveFile,
  /** Reports an error in the view, which the host logs. */
  report: { args: z.tuple([z.object({ message: z.string() })]) },
} as const;

export type GradientsRun = z.output<typeof gradientsRun>;
export type GradientsViewFunctions = Functions<typeof gradientsViewContract>;
export type RemoteGradientsView = Remote<typeof gradientsViewContract>;
export type GradientsHostFunctions = Functions<typeof gradientsHostContract>;

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
    truncation: true,
    probeEvery: true,
  })
  .extend({ step: z.int().nonnegative() });

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
  /** Runs the command "Train LSTM on file", offered while there is no run. */
  train: { args: z.tuple([]), result: z.void() },
  saveFile,
  /** Reports an error in the view, which the host logs. */
  report: { args: z.tuple([z.object({ message: z.string() })]) },
} as const;

export type GradientsRun = z.output<typeof gradientsRun>;
export type GradientsViewFunctions = Functions<typeof gradientsViewContract>;
export type RemoteGradientsView = Remote<typeof gradientsViewContract>;
export type GradientsHostFunctions = Functions<typeof gradientsHostContract>;

import * as z from 'zod';
import { runView, saveFile } from './panel.ts';
import { probeAtStep, probesChange, tryAdvice } from './probeHistory.ts';
import type { Functions, Remote } from './rpc.ts';

/** The boundary between the extension host and the sidebar view "Gradients". */

/** The run that the view is about. */
export const gradientsRun = runView
  .pick({
    id: true,
    name: true,
    state: true,
    steps: true,
    summary: true,
    truncation: true,
    probeEvery: true,
  })
  .extend({ step: z.int().nonnegative() });

/** Functions that the view serves. */
export const gradientsViewContract = {
  /** Another run is meant, or the view has just appeared: forget every probe. Null: there is no run. */
  show: { args: z.tuple([gradientsRun.nullable()]) },
  /** The run has changed. */
  update: { args: z.tuple([gradientsRun]) },
  /** Its history of probes has changed; only while the view is visible. */
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
  /** There is no run yet: "Train LSTM on file". */
  train: { args: z.tuple([]), result: z.void() },
  saveFile,
  /** Something in the view went wrong; the host writes it to its log. */
  report: { args: z.tuple([z.object({ message: z.string() })]) },
} as const;

export type GradientsRun = z.output<typeof gradientsRun>;
export type GradientsViewFunctions = Functions<typeof gradientsViewContract>;
export type RemoteGradientsView = Remote<typeof gradientsViewContract>;
export type GradientsHostFunctions = Functions<typeof gradientsHostContract>;

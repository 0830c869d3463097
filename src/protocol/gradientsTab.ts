import * as z from 'zod';
import { probesChange, probeAtStep, tryAdvice } from './probeHistory.ts';
import { probe } from './probes.ts';

/** The panel's tab "Gradients". */

/** Functions that the panel serves; called only while the tab is on screen. */
export const gradientsTabContract = {
  /** The run's history of probes has changed. */
  probes: { args: z.tuple([probesChange]) },
} as const;

/** Functions that the host serves to the panel. */
export const gradientsTabHostContract = {
  probeAt: probeAtStep,
  /** Probes the current model on the text around the cursor of the open editor. */
  probeOpenText: { args: z.tuple([]), result: z.object({ /** Of the file or document. */ name: z.string(), probe }) },
  tryAdvice,
} as const;

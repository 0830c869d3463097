import * as z from 'zod';
import { runParent } from '../config/runParent.ts';

/** The header of the panel: the run that the shown run was started from. */

const startedFrom = z.object({
  ...runParent.pick({ reason: true, changes: true }).shape,
  /** The parent; null if it was deleted. */
  run: z.object({ title: z.string() }).nullable(),
});

/** Functions that the panel serves. */
export const startedFromContract = {
  /** Sent when a run is shown, and when its parent is found or deleted; null for a run without a parent. */
  startedFrom: { args: z.tuple([startedFrom.nullable()]) },
} as const;

/** Functions that the host serves to the panel. */
export const startedFromHostContract = {
  /** Opens the panel of the parent. */
  openParent: { args: z.tuple([]), result: z.void() },
} as const;

export type StartedFrom = z.output<typeof startedFrom>;

import * as z from 'zod';

/** Values of changed fields by their dotted paths, such as `{ "model.forgetBias": 3 }`. */
export const configChanges = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));

/** Reason why a run was started from another one. */
const parentReason = z.enum([
  /** The advice of a verdict was tried. */
  'advice',
  /** The user trained again with changes. */
  'again',
  /** It was started to be compared with its parent. */
  'comparison',
  /** It trains longer than its parent. */
  'longer',
  /** It begins with the weights of its parent. */
  'weights',
  /** It repeats its parent, to compare the numbers. */
  'repeat',
  /** It is a trial of a sweep of its parent. */
  'sweep',
]);

/** The run that another run was started from, and the fields that were changed. */
export const runParent = z.object({
  /** Id of the parent, which may have been deleted since. */
  run: z.string(),
  reason: parentReason,
  changes: configChanges,
});

/** Place of a run among the trials of a sweep. */
export const sweepTrial = z.object({
  /** Id of the sweep. */
  id: z.string(),
  /** Number of the trial, from 1 on. */
  trial: z.int().positive(),
});

export type SweepTrial = z.output<typeof sweepTrial>;
export type ConfigChanges = z.output<typeof configChanges>;
export type RunParent = z.output<typeof runParent>;

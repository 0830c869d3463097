import * as z from 'zod';
import { probe } from './probes.ts';
import { direction, headline } from './verdicts.ts';

/**
 * Messages about the probes of a run, for the sidebar view "Gradients" and the panel's tab of that name. The host sends
 * a summary of every probe, and the page requests the one that it draws.
 */
const measured = z.number().nullable();

/** Summary of a probe for the slider and the curves over training. */
const probeSummary = z.object({
  step: z.int().nonnegative(),
  verdict: headline,
  /** Share of the last 100 training steps that were clipped. */
  clippedShare: z.number(),
  /** Whether it includes the measurements of every tenth probe: Jacobian products and lag matrix. */
  complete: z.boolean(),
  /** Layers in the order of the probe. */
  layers: z.array(
    z.object({
      layer: z.string(),
      direction,
      sigmaMax: measured,
      spectralRadius: measured,
      effectiveMemory: z.int().nonnegative().nullable(),
    }),
  ),
});

/**
 * A change of a run's history: keep the first `keep` probes, then append others. With `keep` 0 it is the whole history.
 */
export const probesChange = z.object({ keep: z.int().nonnegative(), added: z.array(probeSummary) });

/** A probe of the history, by its step. */
export const probeAtStep = { args: z.tuple([z.object({ step: z.int().nonnegative() })]), result: probe } as const;

/** Starts a new run on the same text with one thing changed: the advice of this index in a probe's verdict. */
export const tryAdvice = {
  args: z.tuple([z.object({ step: z.int().nonnegative(), advice: z.int().nonnegative() })]),
  result: z.void(),
} as const;

export type ProbeSummary = z.output<typeof probeSummary>;
export type ProbesChange = z.output<typeof probesChange>;

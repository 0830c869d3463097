import * as z from 'zod';
import { direction } from '../../../src/protocol/probes.ts';

/** Selections on the tab "Gradients". */
export const gradientsChoice = z.object({
  /** Step of the probe; null to follow the newest. */
  step: z.int().nonnegative().nullable(),
  /** Selected layer. Null, or a layer that the run does not have, selects the default layer. */
  layer: z.object({ layer: z.string(), direction }).nullable(),
});

export type GradientsChoice = z.output<typeof gradientsChoice>;

export const firstGradientsChoice: GradientsChoice = { step: null, layer: null };

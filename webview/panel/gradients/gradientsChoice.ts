import * as z from 'zod';
import { direction } from '../../../src/protocol/probes.ts';

/** What the user has chosen to see on the tab "Gradients". */
export const gradientsChoice = z.object({
  /** Step of the probe; null follows the newest. */
  step: z.int().nonnegative().nullable(),
  /** The layer; null is the one that leads, as is one that the run shown does not have. */
  layer: z.object({ layer: z.string(), direction }).nullable(),
});

export type GradientsChoice = z.output<typeof gradientsChoice>;

export const firstGradientsChoice: GradientsChoice = { step: null, layer: null };

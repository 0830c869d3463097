import * as z from 'zod';
import { direction } from '../../../src/protocol/verdicts.ts';
import { FLOW_EXTRAS } from '../../probes/lastStepChart.ts';

/** Selections on the tab "Gradients". */
export const gradientsChoice = z.object({
  /** Step of the probe; null to follow the newest. */
  step: z.int().nonnegative().nullable(),
  /** Selected layer. Null, or a layer that the run does not have, selects the default layer. */
  layer: z.object({ layer: z.string(), direction }).nullable(),
  /** Curves in addition to the median of the last step's gradient. */
  extra: z.enum(FLOW_EXTRAS).default('none'),
});

export type GradientsChoice = z.output<typeof gradientsChoice>;

export const firstGradientsChoice: GradientsChoice = { step: null, layer: null, extra: 'none' };

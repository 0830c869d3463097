import * as z from 'zod';
import { runConfigSchema } from '../../config/schema.ts';
import { probedFlow } from '../comparison.ts';
import { lagCurve } from '../probes.ts';
import { lessonId } from './runs.ts';

/** Gradient of a lesson's run before its first training step, from its initial weights. */

const untrainedFlow = z.object({
  /** Step 0, in the layer where the flow is worst. */
  flow: probedFlow,
  /** Mean product of forget gates from the last step back, by lag; null for a cell without a forget gate. */
  forgetProduct: lagCurve.nullable(),
});

/** A run of a lesson, with changes of its configuration by their dotted paths. */
const untrainedRequest = z.object({
  lesson: lessonId,
  run: z.string(),
  changes: z.record(z.string(), z.unknown()).default({}),
});

/** Function that the host serves to the page. */
export const untrainedHostContract = {
  /** @throws ConfigError that names a field that cannot be changed so */
  probeUntrained: { args: z.tuple([untrainedRequest]), result: untrainedFlow },
} as const;

/** Function that the trainer serves to the host. */
export const untrainedContract = {
  /** Probes the untrained model of a task that generates its data. */
  probeUntrainedModel: { args: z.tuple([runConfigSchema]), result: untrainedFlow },
} as const;

export type UntrainedRequest = z.input<typeof untrainedRequest>;
export type UntrainedFlow = z.output<typeof untrainedFlow>;

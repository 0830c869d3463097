import * as z from 'zod';
import type { CellValue } from '../protocol/runRow.ts';
import { direction } from '../protocol/verdicts.ts';

/** Parts of the schemas of several tools. Their descriptions are read by agents and shown in docs/agents.md. */

export const runName = z
  .string()
  .min(1)
  .describe('Id of the run, the beginning of an id, or the name that its user gave it.');

export const fieldChanges = z
  .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
  .describe('Fields of the configuration by their dotted paths, such as { "model.units": 64 }.');

/** Value of a field of a run; a date is an ISO text, a duration is in seconds. */
export const fieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).nullable();

/** A value of a row, whose lists an answer may change. */
export function copied(value: CellValue): z.output<typeof fieldValue> {
  return typeof value === 'object' && value !== null ? [...value] : value;
}

export const stepAndLoss = z.object({ step: z.int(), loss: z.number().nullable() });

export const findings = z
  .array(
    z.object({
      verdict: z.string(),
      layer: z.string().nullable().describe('Layer that it is about; null for a verdict on learning.'),
      direction: direction.nullable(),
      sentence: z.string(),
      numbers: z.record(z.string(), z.number().nullable()).describe('The numbers of the sentence by name.'),
    }),
  )
  .describe('Verdicts with their evidence, most severe first.');

export const advice = z
  .array(
    z.object({
      label: z.string(),
      why: z.string(),
      set: fieldChanges.describe('Fields to change, as start_training takes them.'),
      tried: z.int().nullable().describe('Trial runs that followed this advice; null if it was not measured.'),
      helped: z.int().nullable().describe('How many of them it helped.'),
    }),
  )
  .describe('What to try next, most promising first.');

/** Handle of a run that trains while the call is over. */
export const startedRun = z.object({
  run: z.string().describe('Id of the run.'),
  state: z.enum(['preparing', 'waiting', 'training', 'sweeping', 'ended', 'failed']),
  next: z.string().describe('How to follow the run.'),
});

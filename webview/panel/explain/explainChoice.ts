import * as z from 'zod';
import type { RecurrentLayer } from '../../../src/protocol/inspection.ts';
import { activationName } from '../../../src/protocol/probes.ts';
import { direction } from '../../../src/protocol/verdicts.ts';

/** Losses whose gradient can be explained: at the last token, at all, or some tokens after the explained one. */
export const LOSSES = ['last', 'all', '0', '1', '5', '10', '20', '50'] as const;

/** Selections on the tab "Explain". A layer, unit or gate that the run does not have is ignored. */
export const explainChoice = z.object({
  layer: z.string().nullable(),
  direction,
  unit: z.int().nonnegative(),
  pass: z.enum(['forward', 'backward']),
  loss: z.enum(LOSSES),
  /** Recurrent weight whose gradient is explained. */
  gate: activationName,
  from: z.int().nonnegative(),
});

export type ExplainChoice = z.output<typeof explainChoice>;

export const firstExplainChoice: ExplainChoice = {
  layer: null,
  direction: 'forward',
  unit: 0,
  pass: 'forward',
  loss: 'last',
  gate: 'hidden',
  from: 0,
};

/** Layer and unit to explain; null for a model without recurrent layers. */
export function chosenUnit(
  { layer, direction: wanted, unit }: ExplainChoice,
  layers: readonly RecurrentLayer[],
): { readonly layer: RecurrentLayer; readonly unit: number } | null {
  const found = layers.find((each) => each.layer === layer && each.direction === wanted) ?? layers.at(-1);
  return found ? { layer: found, unit: Math.min(unit, found.units - 1) } : null;
}

/**
 * Token after which the explained loss is; null for the sum over all tokens.
 * @param last last token after which the loss is known
 */
export function lossToken(loss: ExplainChoice['loss'], token: number, last: number): number | null {
  if (loss === 'all') return null;
  return loss === 'last' ? last : Math.min(token + Number(loss), last);
}

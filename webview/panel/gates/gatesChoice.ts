import * as z from 'zod';
import { unitSort, type RecurrentLayer } from '../../../src/protocol/inspection.ts';
import { LEAST_TOKENS, MOST_TOKENS } from '../../../src/protocol/openText.ts';
import { activationName, direction, type ActivationName } from '../../../src/protocol/probes.ts';

/**
 * What the user has chosen to see on the tab "Gates". A layer or a unit that the run shown does not have is passed
 * over.
 */
export const gatesChoice = z.object({
  layer: z.string().nullable(),
  direction,
  activations: z.array(activationName),
  sort: unitSort,
  unit: z.int().nonnegative(),
  /** What of the unit colors the text. */
  coloring: activationName,
  /** How many are read around the cursor; "fit": as many as the maps have room to name. */
  tokens: z.union([z.literal('fit'), z.int().min(LEAST_TOKENS).max(MOST_TOKENS)]),
});

export type GatesChoice = z.output<typeof gatesChoice>;

/** What says most about each cell, without filling the page. */
export const firstChoice: GatesChoice = {
  layer: null,
  direction: 'forward',
  activations: ['forget', 'update', 'cellState', 'hidden'],
  sort: 'index',
  unit: 0,
  coloring: 'cellState',
  tokens: 'fit',
};

/** Pixels that the name of a character takes at least, and those beside the map. */
const COLUMN = 6;
const BESIDE = 45;

/** How many tokens to read for a map of a width in pixels. */
export function tokensFor({ tokens }: GatesChoice, width: number): number {
  return tokens === 'fit'
    ? Math.min(Math.max(Math.floor((width - BESIDE) / COLUMN), LEAST_TOKENS), MOST_TOKENS)
    : tokens;
}

/** A choice as it holds for a model. */
export interface ShownChoice {
  readonly layer: RecurrentLayer;
  readonly activations: readonly ActivationName[];
  readonly unit: number;
  readonly coloring: ActivationName;
}

/**
 * The layer chosen, or the last one that reads forward; of what was chosen what that layer has. Null for a model
 * without recurrent layers.
 */
export function choiceFor(choice: GatesChoice, layers: readonly RecurrentLayer[]): ShownChoice | null {
  const chosen = layers.find(({ layer, direction: way }) => layer === choice.layer && way === choice.direction);
  const layer = chosen ?? layers.findLast((each) => each.direction === 'forward') ?? layers.at(-1);
  if (!layer) return null;
  const { activations, units } = layer;
  return {
    layer,
    activations: activations.filter((name) => choice.activations.includes(name)),
    unit: Math.min(choice.unit, units - 1),
    coloring: activations.includes(choice.coloring) ? choice.coloring : (activations.at(-1) ?? 'hidden'),
  };
}

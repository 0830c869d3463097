import * as z from 'zod';
import { unitSort, type RecurrentLayer } from '../../../src/protocol/inspection.ts';
import { MIN_TOKENS, MAX_TOKENS } from '../../../src/protocol/openText.ts';
import { activationName, type ActivationName } from '../../../src/protocol/probes.ts';
import { direction } from '../../../src/protocol/verdicts.ts';

/** Selections on the tab "Gates". A layer or a unit that the run does not have is ignored. */
export const gatesChoice = z.object({
  layer: z.string().nullable(),
  direction,
  activations: z.array(activationName),
  sort: unitSort,
  unit: z.int().nonnegative(),
  /** Activation of the unit that colors the text. */
  coloring: activationName,
  /** Number of tokens to read around the cursor; "fit" for as many as the maps can label. */
  tokens: z.union([z.literal('fit'), z.int().min(MIN_TOKENS).max(MAX_TOKENS)]),
});

export type GatesChoice = z.output<typeof gatesChoice>;

/** Default selections: the most informative activations of each cell. */
export const firstChoice: GatesChoice = {
  layer: null,
  direction: 'forward',
  activations: ['forget', 'update', 'cellState', 'hidden'],
  sort: 'index',
  unit: 0,
  coloring: 'cellState',
  tokens: 'fit',
};

/** Minimum width of a column with a label, and width of the margins of a map, in pixels. */
const MIN_COLUMN_WIDTH = 6;
const MARGINS = 45;

/** Returns the number of tokens to read for a map of the given width in pixels. */
export function tokensFor({ tokens }: GatesChoice, width: number): number {
  return tokens === 'fit'
    ? Math.min(Math.max(Math.floor((width - MARGINS) / MIN_COLUMN_WIDTH), MIN_TOKENS), MAX_TOKENS)
    : tokens;
}

/** Selections that are valid for a model. */
export interface ShownChoice {
  readonly layer: RecurrentLayer;
  readonly activations: readonly ActivationName[];
  readonly unit: number;
  readonly coloring: ActivationName;
}

/**
 * Applies selections to the layers of a model: the selected layer or else the last forward one, with the activations
 * that it has. Null for a model without recurrent layers.
 */
export function choiceFor(choice: GatesChoice, layers: readonly RecurrentLayer[]): ShownChoice | null {
  const chosen = layers.find(({ layer, direction }) => layer === choice.layer && direction === choice.direction);
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

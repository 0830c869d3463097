import type { UnitChoice } from '../../protocol/openText.ts';
import { activationNames } from '../../protocol/activationNames.ts';
import type { RunModel } from '../runs/runModel.ts';

/** What the text in the editor is colored by. */
export interface Coloring {
  readonly run: RunModel;
  /** Null: by surprisal. */
  readonly unit: UnitChoice | null;
}

/** A unit in a few words, such as "c of unit 12, lstm_1"; a backward one is named so. */
export function describeUnit({ layer, direction, activation, unit }: UnitChoice): string {
  return `${activationNames[activation].symbol} of unit ${unit}, ${layer}${direction === 'backward' ? ' backward' : ''}`;
}

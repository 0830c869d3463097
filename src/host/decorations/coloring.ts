import * as l10n from '@vscode/l10n';
import type { UnitChoice } from '../../protocol/openText.ts';
import { activationNames } from '../../protocol/activationNames.ts';
import type { RunModel } from '../runs/runModel.ts';

/** Quantity that colors the text in the editor. */
export interface Coloring {
  readonly run: RunModel;
  /** Unit that colors the text; null colors by surprisal. */
  readonly unit: UnitChoice | null;
}

/** Describes a unit, such as "c of unit 12, lstm_1" or "h of unit 3, lstm_1 backward". */
export function describeUnit({ layer, direction, activation, unit }: UnitChoice): string {
  const { symbol } = activationNames[activation];
  return direction === 'backward'
    ? l10n.t('{0} of unit {1}, {2} backward', symbol, unit, layer)
    : l10n.t('{0} of unit {1}, {2}', symbol, unit, layer);
}

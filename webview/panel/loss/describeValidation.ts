import { formatCount } from '../../charts/number.ts';
import type { Baselines } from '../../../src/protocol/events.ts';
import type { RunUnits } from '../../../src/protocol/metrics.ts';
import { formatLossIn } from '../format.ts';

/**
 * Describes a validation loss relative to the baselines, such as "Step 150: validation loss 2.310 nats per character,
 * below the bigram baseline of 2.45."
 * @param loss null if it is not finite
 */
export function describeValidation(step: number, loss: number | null, units: RunUnits, baselines: Baselines): string {
  if (loss === null) return `Step ${formatCount(step)}: the validation loss is not finite.`;
  const compared = comparison(loss, baselines);
  return `Step ${formatCount(step)}: validation loss ${formatLossIn(loss, units)} ${units.loss}${compared && `, ${compared}`}.`;
}

/** Compares a loss to the baselines: below the lowest, above the highest, or between two of them. */
function comparison(loss: number, baselines: Baselines): string {
  const lines = Object.entries(baselines).sort(([, a], [, b]) => a - b);
  const above = lines.find(([, value]) => value > loss);
  const below = lines.findLast(([, value]) => value <= loss);
  const format = ([name, value]: [string, number]) => `the ${name} baseline of ${value.toFixed(2)}`;
  if (above && below) return `between ${format(below)} and ${format(above)}`;
  if (above) return `below ${format(above)}`;
  return below ? `above ${format(below)}` : '';
}

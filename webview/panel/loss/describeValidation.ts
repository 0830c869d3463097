import { formatCount } from '../../charts/number.ts';
import type { Baselines } from '../../../src/protocol/events.ts';
import type { RunUnits } from '../../../src/protocol/metrics.ts';
import { formatLossIn } from '../format.ts';

/**
 * A validation as a sentence that answers "is my loss good?", such as "Step 150: validation loss 2.310 nats
 * per character, below the bigram line of 2.45." A loss of null is not finite.
 */
export function describeValidation(step: number, loss: number | null, units: RunUnits, baselines: Baselines): string {
  if (loss === null) return `Step ${formatCount(step)}: the validation loss is not finite.`;
  const compared = comparison(loss, baselines);
  return `Step ${formatCount(step)}: validation loss ${formatLossIn(loss, units)} ${units.loss}${compared && `, ${compared}`}.`;
}

/** Where a loss lies among the reference lines: below the lowest, above the highest, or between two neighbors. */
function comparison(loss: number, baselines: Baselines): string {
  const lines = Object.entries(baselines).sort(([, a], [, b]) => a - b);
  const above = lines.find(([, value]) => value > loss);
  const below = lines.findLast(([, value]) => value <= loss);
  const words = ([name, value]: [string, number]) => `the ${name} line of ${value.toFixed(2)}`;
  if (above && below) return `between ${words(below)} and ${words(above)}`;
  if (above) return `below ${words(above)}`;
  return below ? `above ${words(below)}` : '';
}

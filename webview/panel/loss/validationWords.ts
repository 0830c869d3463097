import { formatCount } from '../../charts/number.ts';
import type { Baselines } from '../../../src/protocol/events.ts';
import { formatLoss } from '../format.ts';

/**
 * A validation as a sentence that answers "is my loss good?", such as "Step 150: validation loss 2.310 nats
 * per character, below the bigram line of 2.45." Baselines are in nats per character; a loss of null is not finite.
 */
export function validationSentence(step: number, loss: number | null, baselines: Baselines | null): string {
  if (loss === null) return `Step ${formatCount(step)}: the validation loss is not finite.`;
  const compared = baselines ? `, ${comparison(loss, baselines)}` : '';
  return `Step ${formatCount(step)}: validation loss ${formatLoss(loss)} nats per character${compared}.`;
}

/** Where a loss lies among the reference lines: below the lowest, above the highest, or between two neighbours. */
function comparison(loss: number, { uniform, unigram, bigram }: Baselines): string {
  const lines = [
    { name: 'uniform', value: uniform },
    { name: 'unigram', value: unigram },
    { name: 'bigram', value: bigram },
  ].sort((a, b) => a.value - b.value);
  const above = lines.find(({ value }) => value > loss);
  const below = lines.findLast(({ value }) => value <= loss);
  const words = (line: { name: string; value: number }) => `the ${line.name} line of ${line.value.toFixed(2)}`;
  if (above && below) return `between ${words(below)} and ${words(above)}`;
  if (above) return `below ${words(above)}`;
  return below ? `above ${words(below)}` : '';
}

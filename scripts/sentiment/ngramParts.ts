import { type NgramParts, ngramKey } from '../../src/sentiment/ngrams.ts';
import { packRows } from '../../src/sentiment/packedRows.ts';
import type { WordTable } from '../../src/sentiment/wordTable.ts';
import type { Nbsvm } from './baselines.ts';

/**
 * Converts an NBSVM to the ids of a model's training words. Features with other words are left out.
 * @param factor factor that turns its score into log odds
 */
export function ngramParts({ bias, weights }: Nbsvm, factor: number, { vocabulary, trained }: WordTable): NgramParts {
  const size = trained.scales.length;
  const entries = Array.from(weights, ([feature, weight]) => {
    const ids = feature.split(' ').map((form) => vocabulary.idOf(form));
    const isKnown = ids.every((id) => id > 0 && id < size);
    return isKnown ? [{ key: ngramKey(size, ids[0]!, ids[1]), weight: factor * weight }] : [];
  })
    .flat()
    .sort((a, b) => a.key - b.key);
  return {
    bias: factor * bias,
    keys: Uint32Array.from(entries, ({ key }) => key),
    weights: packRows(
      Float32Array.from(entries, ({ weight }) => weight),
      entries.length,
      8,
    ),
  };
}

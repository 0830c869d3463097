import { WordVocabulary } from './vocabulary.ts';

/** Limits of a vocabulary. */
export interface VocabularyLimits {
  /** Minimum number of occurrences of a word; 1 keeps all. */
  readonly minCount?: number;
  /** Maximum number of words without `<unk>` and `<pad>`; the most frequent are kept. */
  readonly maxSize?: number;
}

/** Counts the occurrences of each word, in order of first appearance. */
export function countWords(texts: Iterable<Iterable<string>>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const words of texts) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/**
 * Creates the vocabulary of frequent words, sorted by code unit. Equally frequent words are selected in the same order,
 * so the same counts always result in the same vocabulary. `<unk>` and `<pad>` in a text are not words.
 */
export function vocabularyOf(
  counts: ReadonlyMap<string, number>,
  { minCount = 1, maxSize = Infinity }: VocabularyLimits = {},
): WordVocabulary {
  const reserved: readonly string[] = [WordVocabulary.UNKNOWN, WordVocabulary.PADDING];
  const chosen = [...counts]
    .filter(([word, count]) => count >= minCount && !reserved.includes(word))
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, maxSize)
    .map(([word]) => word);
  return WordVocabulary.of(chosen.sort());
}

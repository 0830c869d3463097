import { WordVocabulary } from './vocabulary.ts';

/** Which words get into a vocabulary. */
export interface VocabularyLimits {
  /** Occurrences that a word needs; 1 takes all. */
  readonly minCount?: number;
  /** Most words, `<unk>` and `<pad>` not counted: the most frequent ones. */
  readonly maxSize?: number;
}

/** How often each word occurs, in the order in which they first do. */
export function countWords(texts: Iterable<Iterable<string>>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const words of texts) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/**
 * The vocabulary of the words that are frequent enough, sorted by code unit. Of equally frequent ones the first by name
 * are taken, so the same counts always give the same vocabulary. A word `<unk>` or `<pad>` of a text is no word of its
 * own.
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

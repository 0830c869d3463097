import { TagCounts, type TaggedWords } from '../../src/models/hmm/tagger/tagCounts.ts';

/**
 * The baseline of a tagger: each word gets its most frequent tag, and an unknown word the most frequent tag of the words
 * that were seen once.
 */
export class MostFrequentTag {
  readonly #ofWord: ReadonlyMap<string, string>;
  readonly #ofUnknown: string;

  /** @throws RangeError if there are no words, or if a sentence does not have one tag per word */
  constructor(sentences: readonly TaggedWords[]) {
    const { tags, words } = TagCounts.of(sentences);
    const mostFrequent = (counts: Float64Array): string => tags[counts.indexOf(Math.max(...counts))]!;
    this.#ofWord = new Map(Array.from(words, ([word, counts]) => [word, mostFrequent(counts)]));
    const once = Array.from(words.values()).filter((counts) => counts.reduce((sum, count) => sum + count, 0) === 1);
    this.#ofUnknown = mostFrequent(
      Float64Array.from(tags, (_, tag) => once.filter((counts) => counts[tag] === 1).length),
    );
  }

  /** One tag per word. */
  tag(words: readonly string[]): string[] {
    return words.map((word) => this.#ofWord.get(word) ?? this.#ofUnknown);
  }
}

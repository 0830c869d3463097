import { TagCounts, type TaggedWords } from './tagCounts.ts';

/**
 * Gives each word its most frequent tag, and unknown words the tag that most words have which were seen once: what a
 * tagger has to beat.
 */
export class MostFrequentTag {
  readonly #ofWord: ReadonlyMap<string, string>;
  readonly #ofUnknown: string;

  /** @throws RangeError for no words at all, or a sentence that has not one tag for each word */
  constructor(sentences: readonly TaggedWords[]) {
    const { tags, words } = TagCounts.of(sentences);
    const mostFrequent = (counts: Float64Array): string => tags[counts.indexOf(Math.max(...counts))]!;
    this.#ofWord = new Map(Array.from(words, ([word, counts]) => [word, mostFrequent(counts)]));
    const once = Array.from(words.values()).filter((counts) => counts.reduce((sum, count) => sum + count, 0) === 1);
    this.#ofUnknown = mostFrequent(
      Float64Array.from(tags, (_, tag) => once.filter((counts) => counts[tag] === 1).length),
    );
  }

  /** One tag for each word. */
  tag(words: readonly string[]): string[] {
    return words.map((word) => this.#ofWord.get(word) ?? this.#ofUnknown);
  }
}

import { wordClasses } from './wordClasses.ts';

/** Maximum count of a rare word; rare words are the examples for unknown words (Brants 2000, section 2.3). */
const RARE = 10;

/**
 * `P(tag | word)` for known and unknown words, estimated by successive abstraction (Samuelsson 1993; Brants 2000,
 * "TnT"): the estimate starts from the tag frequencies, and each more specific class that was seen (shape, suffix, the
 * word in lower case, the word as written) moves it toward the counts of that class,
 * `(n(class, tag) + P(tag | more general)) / (n(class) + 1)`. The same rule covers frequent, rare and unknown words.
 * Shapes and suffixes are counted on rare words only, because unknown words resemble rare words, not frequent ones.
 */
export class Lexicon {
  /** `P(tag)`, `[tags]`. */
  readonly prior: Float64Array;
  readonly #words: ReadonlyMap<string, Float64Array>;
  readonly #lowerCase = new Map<string, Float64Array>();
  readonly #classes = new Map<string, Float64Array>();
  readonly #rare: Float64Array;

  /** @param words tag counts `[tags]` of each word; at least one word */
  constructor(words: ReadonlyMap<string, Float64Array>, tags: number) {
    this.#words = words;
    this.#rare = new Float64Array(tags);
    const all = new Float64Array(tags);
    for (const [word, row] of words) {
      add(all, row);
      add(rowIn(this.#lowerCase, word.toLowerCase(), tags), row);
      if (sum(row) > RARE) continue;
      add(this.#rare, row);
      for (const name of wordClasses(word)) add(rowIn(this.#classes, name, tags), row);
    }
    this.prior = all.map((count) => count / sum(all));
  }

  isKnown(word: string): boolean {
    return this.#words.has(word);
  }

  /** `P(tag | word)`, `[tags]`: above zero for every tag. */
  tagProbabilities(word: string): Float64Array {
    const levels = [
      this.#rare,
      ...wordClasses(word).map((name) => this.#classes.get(name)),
      this.#lowerCase.get(word.toLowerCase()),
      this.#words.get(word),
    ];
    return levels.reduce<Float64Array>((general, level) => (level ? specialized(general, level) : general), this.prior);
  }
}

function specialized(general: Float64Array, counts: Float64Array): Float64Array {
  const total = sum(counts) + 1;
  return general.map((probability, tag) => (counts[tag]! + probability) / total);
}

function rowIn(rows: Map<string, Float64Array>, name: string, width: number): Float64Array {
  const row = rows.get(name) ?? new Float64Array(width);
  rows.set(name, row);
  return row;
}

function add(target: Float64Array, row: Float64Array): void {
  row.forEach((count, at) => (target[at] = target[at]! + count));
}

function sum(row: Float64Array): number {
  return row.reduce((total, count) => total + count, 0);
}

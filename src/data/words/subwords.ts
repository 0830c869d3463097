/** Separates the halves of a pair in a key; it occurs in no text, because it is half of a character. */
const SEPARATOR = '\ud800';
/** Words whose parts are remembered, at most. */
const REMEMBERED = 50_000;

/** A word as a list of symbols, with its number of occurrences. */
interface CountedWord {
  symbols: string[];
  readonly count: number;
}

/**
 * Subwords by byte-pair encoding (Sennrich et al. 2016, "Neural machine translation of rare words with subword units"):
 * a word begins as its characters; learned merges then join neighbors, in the order in which they were learned. Frequent
 * words are one token, rare ones several, and no word is unknown whose characters are known.
 */
export class Subwords {
  /** Pairs of symbols to join, most important first. */
  readonly merges: readonly (readonly [string, string])[];
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #known = new Map<string, readonly string[]>();

  constructor(merges: readonly (readonly [string, string])[]) {
    this.merges = merges;
    this.#ranks = new Map(merges.map(([left, right], rank) => [keyOf(left, right), rank]));
  }

  /**
   * Learns merges from words: each joins the pair of neighboring symbols that occurs most often, twice at least. Of
   * equally frequent pairs, the first by code unit is taken, so that the same words always result in the same merges.
   * @param counts number of occurrences of each word
   * @param count maximum number of merges
   */
  static learn(counts: ReadonlyMap<string, number>, count: number): Subwords {
    const pairs = new PairIndex(Array.from(counts, ([word, n]) => ({ symbols: Array.from(word), count: n })));
    const merges: [string, string][] = [];
    while (merges.length < count) {
      const best = pairs.mostFrequent();
      if (!best) break;
      merges.push(best);
      pairs.merge(best);
    }
    return new Subwords(merges);
  }

  /** The symbols of a word; joined, they are the word. */
  split(word: string): readonly string[] {
    const known = this.#known.get(word);
    if (known) return known;
    let symbols = Array.from(word);
    for (let rank = this.#next(symbols); rank < this.merges.length; rank = this.#next(symbols))
      symbols = joined(symbols, this.merges[rank]!);
    if (this.#known.size < REMEMBERED) this.#known.set(word, symbols);
    return symbols;
  }

  /** Rank of the first merge that applies; the number of merges if none does. */
  #next(symbols: readonly string[]): number {
    let first = this.merges.length;
    for (let at = 1; at < symbols.length; at++)
      first = Math.min(first, this.#ranks.get(keyOf(symbols[at - 1]!, symbols[at]!)) ?? first);
    return first;
  }
}

/** The pairs of neighboring symbols in words, with their counts and the words that contain them. */
class PairIndex {
  readonly #words: readonly CountedWord[];
  readonly #counts = new Map<string, number>();
  readonly #places = new Map<string, Set<number>>();

  constructor(words: readonly CountedWord[]) {
    this.#words = words;
    for (const [place, word] of words.entries()) this.#add(place, word, 1);
  }

  /** Undefined if no pair occurs twice. */
  mostFrequent(): [string, string] | undefined {
    let best: string | undefined;
    let most = 1;
    for (const [key, count] of this.#counts) {
      if (count < most || count < 2) continue;
      if (count > most || best === undefined || key < best) [best, most] = [key, count];
    }
    const [left, right] = best?.split(SEPARATOR) ?? [];
    return left === undefined || right === undefined ? undefined : [left, right];
  }

  /** Joins a pair wherever it occurs. */
  merge(pair: readonly [string, string]): void {
    for (const place of [...(this.#places.get(keyOf(...pair)) ?? [])]) {
      const word = this.#words[place]!;
      this.#add(place, word, -1);
      word.symbols = joined(word.symbols, pair);
      this.#add(place, word, 1);
    }
  }

  /** Adds the pairs of a word, or removes them with a sign of -1. */
  #add(place: number, { symbols, count }: CountedWord, sign: 1 | -1): void {
    for (let at = 1; at < symbols.length; at++) {
      const key = keyOf(symbols[at - 1]!, symbols[at]!);
      const left = (this.#counts.get(key) ?? 0) + sign * count;
      if (left > 0) this.#counts.set(key, left);
      else this.#counts.delete(key);
      if (sign > 0) this.#placesOf(key).add(place);
      else this.#places.get(key)?.delete(place);
    }
  }

  #placesOf(key: string): Set<number> {
    const known = this.#places.get(key);
    if (known) return known;
    const places = new Set<number>();
    this.#places.set(key, places);
    return places;
  }
}

function keyOf(left: string, right: string): string {
  return left + SEPARATOR + right;
}

/** Symbols with every occurrence of a pair joined, from the left. */
function joined(symbols: readonly string[], [left, right]: readonly [string, string]): string[] {
  const result: string[] = [];
  for (let at = 0; at < symbols.length; at++) {
    if (symbols[at] === left && symbols[at + 1] === right) {
      result.push(left + right);
      at++;
    } else result.push(symbols[at]!);
  }
  return result;
}

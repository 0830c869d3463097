import { addRow, type PackedRows } from './packedRows.ts';

/** Linear classifier on the presence of words and of pairs of adjacent words, for two classes. */
export interface NgramParts {
  readonly bias: number;
  /** Keys of the words and pairs, ascending. */
  readonly keys: Uint32Array;
  /** Weight of each key for the second class, in one row. */
  readonly weights: PackedRows;
}

/**
 * Key of a word or of a pair of words.
 * @param size number of ids below that of the first word that has no key; at most 65,535
 */
export function ngramKey(size: number, first: number, second?: number): number {
  return second === undefined ? first : first * size + second;
}

/** Adds the log odds of words and pairs of words to the logits of an ensemble. */
export class Ngrams {
  readonly #parts: NgramParts;
  readonly #weights: Float32Array;
  readonly #size: number;

  /** @param size as for `ngramKey` */
  constructor(parts: NgramParts, size: number) {
    this.#parts = parts;
    this.#size = size;
    this.#weights = new Float32Array(parts.keys.length);
    addRow(parts.weights, 0, this.#weights, 0);
  }

  /** Log odds of the second class. Each word and each pair counts once. */
  logOdds(ids: Int32Array): number {
    const keys = new Set<number>();
    ids.forEach((id, index) => {
      if (!this.#isKnown(id)) return;
      keys.add(ngramKey(this.#size, id));
      const next = ids[index + 1];
      if (next !== undefined && this.#isKnown(next)) keys.add(ngramKey(this.#size, id, next));
    });
    return Array.from(keys).reduce((sum, key) => sum + this.#weightOf(key), this.#parts.bias);
  }

  #isKnown(id: number): boolean {
    return id > 0 && id < this.#size;
  }

  /** Weight of a key by binary search; 0 for a key without a weight. */
  #weightOf(key: number): number {
    const { keys } = this.#parts;
    let [low, high] = [0, keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return keys[low] === key ? this.#weights[low]! : 0;
  }
}

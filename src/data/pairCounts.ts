/** Number of occurrences of each ordered pair of tokens. */
export interface PairCounts {
  add(first: number, second: number): void;
  get(first: number, second: number): number;
  /** Visits every pair that occurs, in any order. */
  forEach(visit: (first: number, count: number) => void): void;
}

/** Maximum cells of a dense table (16 MiB), which is the smallest and fastest structure up to this size. */
const MAX_DENSE_CELLS = 2 ** 22;

/**
 * Creates counts for a vocabulary of any size in bounded memory: with the default `maxPairs`, at most about 200 MB
 * while a table grows.
 * @param maxPairs number of different pairs after which a sparse table counts only the pairs that it already contains
 */
export function createPairCounts(vocabularySize: number, maxPairs = 4_000_000): PairCounts {
  return vocabularySize ** 2 <= MAX_DENSE_CELLS
    ? new DensePairCounts(vocabularySize)
    : new SparsePairCounts(vocabularySize, maxPairs);
}

class DensePairCounts implements PairCounts {
  readonly #size: number;
  readonly #counts: Uint32Array;

  constructor(vocabularySize: number) {
    this.#size = vocabularySize;
    this.#counts = new Uint32Array(vocabularySize ** 2);
  }

  add(first: number, second: number): void {
    const cell = first * this.#size + second;
    this.#counts[cell] = this.#counts[cell]! + 1;
  }

  get(first: number, second: number): number {
    return this.#counts[first * this.#size + second] ?? 0;
  }

  forEach(visit: (first: number, count: number) => void): void {
    this.#counts.forEach((count, cell) => {
      if (count > 0) visit(Math.floor(cell / this.#size), count);
    });
  }
}

/**
 * Hash table with linear probing in one typed array. Key and count are adjacent, so a lookup causes a single cache
 * miss; a `Map` takes three times the memory. After `maxPairs` different pairs, new pairs are not counted, so that
 * random text of many thousand different characters cannot exhaust the memory.
 */
class SparsePairCounts implements PairCounts {
  readonly #size: number;
  readonly #maxPairs: number;
  #pairs = 0;
  /**
   * Slot s has its key at `[2 * s]`, which is `first * size + second + 1`, or 0 if the slot is empty, and its count at
   * `[2 * s + 1]`. Float64 represents the keys of every vocabulary exactly.
   */
  #slots = new Float64Array(2 ** 13);

  constructor(vocabularySize: number, maxPairs: number) {
    this.#size = vocabularySize;
    this.#maxPairs = maxPairs;
  }

  add(first: number, second: number): void {
    const at = this.#find(first, second);
    if (this.#slots[at] === 0) {
      if (this.#pairs === this.#maxPairs) return;
      this.#pairs++;
      this.#slots[at] = first * this.#size + second + 1;
    }
    this.#slots[at + 1] = this.#slots[at + 1]! + 1;
    const isHalfFull = 4 * this.#pairs > this.#slots.length;
    if (isHalfFull) this.#grow();
  }

  get(first: number, second: number): number {
    return this.#slots[this.#find(first, second) + 1]!;
  }

  forEach(visit: (first: number, count: number) => void): void {
    for (let at = 0; at < this.#slots.length; at += 2) {
      const key = this.#slots[at]!;
      if (key > 0) visit(Math.floor((key - 1) / this.#size), this.#slots[at + 1]!);
    }
  }

  /** Returns the slot of the pair, or the empty slot where it belongs. */
  #find(first: number, second: number): number {
    const slots = this.#slots;
    const key = first * this.#size + second + 1;
    const mask = slots.length - 2;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    let at = (hash << 1) & mask;
    while (slots[at] !== 0 && slots[at] !== key) at = (at + 2) & mask;
    return at;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Float64Array(2 * old.length);
    for (let from = 0; from < old.length; from += 2) {
      const key = old[from]!;
      if (key === 0) continue;
      const first = Math.floor((key - 1) / this.#size);
      const at = this.#find(first, key - 1 - first * this.#size);
      this.#slots[at] = key;
      this.#slots[at + 1] = old[from + 1]!;
    }
  }
}

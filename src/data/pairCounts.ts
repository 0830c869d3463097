/** How often each ordered pair of tokens occurs. */
export interface PairCounts {
  add(first: number, second: number): void;
  get(first: number, second: number): number;
  /** Visits every pair that occurs, in no particular order. */
  forEach(visit: (first: number, count: number) => void): void;
}

/** Up to this many cells (16 MiB) a full table is the smallest and fastest thing there is. */
const MAX_DENSE_CELLS = 2 ** 22;

/** Counts for a vocabulary of any size, in bounded memory: at most about 150 MB, while a table grows. */
export function createPairCounts(vocabularySize: number): PairCounts {
  return vocabularySize ** 2 <= MAX_DENSE_CELLS ? new DensePairCounts(vocabularySize) : new SparsePairCounts(vocabularySize);
}

export class DensePairCounts implements PairCounts {
  readonly #size: number;
  readonly #counts: Uint32Array;

  constructor(vocabularySize: number) {
    this.#size = vocabularySize;
    this.#counts = new Uint32Array(vocabularySize ** 2);
  }

  add(first: number, second: number): void {
    const cell = first * this.#size + second;
    this.#counts[cell] = (this.#counts[cell] as number) + 1;
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
 * A hash table with linear probing on two typed arrays: 12 bytes a slot, where a `Map` takes some 50.
 * Once `maxPairs` different pairs are in it, further ones are not counted, so that random text of many
 * thousand different characters cannot fill the memory.
 */
export class SparsePairCounts implements PairCounts {
  readonly #size: number;
  readonly #maxPairs: number;
  #pairs = 0;
  /** Pair `first * size + second` as key + 1; 0 is an empty slot. Exact in float64 for every vocabulary. */
  #keys = new Float64Array(2 ** 12);
  #counts = new Uint32Array(2 ** 12);

  constructor(vocabularySize: number, maxPairs = 6_000_000) {
    this.#size = vocabularySize;
    this.#maxPairs = maxPairs;
  }

  add(first: number, second: number): void {
    const slot = this.#slot(first, second);
    if (this.#keys[slot] === 0) {
      if (this.#pairs === this.#maxPairs) return;
      this.#pairs++;
      this.#keys[slot] = first * this.#size + second + 1;
    }
    this.#counts[slot] = (this.#counts[slot] as number) + 1;
    if (this.#pairs > 0.75 * this.#keys.length) this.#grow();
  }

  get(first: number, second: number): number {
    return this.#counts[this.#slot(first, second)] ?? 0;
  }

  forEach(visit: (first: number, count: number) => void): void {
    this.#keys.forEach((key, slot) => {
      if (key > 0) visit(Math.floor((key - 1) / this.#size), this.#counts[slot] as number);
    });
  }

  /** Where the pair is, or the empty slot where it belongs. */
  #slot(first: number, second: number): number {
    const key = first * this.#size + second + 1;
    const mask = this.#keys.length - 1;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    while (this.#keys[slot] !== 0 && this.#keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const keys = this.#keys;
    const counts = this.#counts;
    this.#keys = new Float64Array(2 * keys.length);
    this.#counts = new Uint32Array(2 * keys.length);
    keys.forEach((key, slot) => {
      if (key === 0) return;
      const first = Math.floor((key - 1) / this.#size);
      const target = this.#slot(first, key - 1 - first * this.#size);
      this.#keys[target] = key;
      this.#counts[target] = counts[slot] as number;
    });
  }
}

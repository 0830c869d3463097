import { PairTable } from './ngram/pairTable.ts';

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
  return vocabularySize ** 2 <= MAX_DENSE_CELLS ? new DensePairCounts(vocabularySize) : new SparsePairCounts(maxPairs);
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

/** After `maxPairs` different pairs, new pairs are not counted, so that random text cannot exhaust the memory. */
class SparsePairCounts implements PairCounts {
  readonly #table: PairTable;

  constructor(maxPairs: number) {
    this.#table = new PairTable(maxPairs);
  }

  add(first: number, second: number): void {
    this.#table.add(first, second);
  }

  get(first: number, second: number): number {
    const pair = this.#table.find(first, second);
    return pair < 0 ? 0 : this.#table.countOf(pair);
  }

  forEach(visit: (first: number, count: number) => void): void {
    for (let pair = 0; pair < this.#table.size; pair++) visit(this.#table.firstOf(pair), this.#table.countOf(pair));
  }
}

import { twice } from '../twice.ts';

/** Number of slots of an empty table; a power of two. */
const FIRST_SLOTS = 2 ** 12;

/**
 * Numbered ordered pairs of ids with their counts, in bounded memory: a hash table with linear probing over typed
 * arrays, 12 bytes for each pair and 8 to 16 for its slots. Pairs have the numbers 0, 1, 2, ... in the order in which
 * they were first added. After `maxPairs` different pairs, new pairs are not counted.
 */
export class PairTable {
  readonly #maxPairs: number;
  #size = 0;
  #firsts = new Uint32Array(FIRST_SLOTS / 2);
  #seconds = new Uint32Array(FIRST_SLOTS / 2);
  #counts = new Uint32Array(FIRST_SLOTS / 2);
  /** Number of the pair plus one; 0 for an empty slot. */
  #slots = new Uint32Array(FIRST_SLOTS);

  constructor(maxPairs = 4_000_000) {
    this.#maxPairs = maxPairs;
  }

  /** Number of different pairs. */
  get size(): number {
    return this.#size;
  }

  /** Counts a pair once more. @returns its number; -1 if the table is full */
  add(first: number, second: number): number {
    const slot = this.#slotOf(first, second);
    const known = this.#slots[slot]! - 1;
    if (known >= 0) {
      this.#counts[known] = this.#counts[known]! + 1;
      return known;
    }
    if (this.#size === this.#maxPairs) return -1;
    const added = this.#size++;
    this.#slots[slot] = added + 1;
    this.#firsts[added] = first;
    this.#seconds[added] = second;
    this.#counts[added] = 1;
    if (this.#size === this.#firsts.length) this.#grow();
    return added;
  }

  /** Returns the number of a pair; -1 if it was never added. */
  find(first: number, second: number): number {
    return this.#slots[this.#slotOf(first, second)]! - 1;
  }

  firstOf(pair: number): number {
    return this.#firsts[pair]!;
  }

  secondOf(pair: number): number {
    return this.#seconds[pair]!;
  }

  countOf(pair: number): number {
    return this.#counts[pair]!;
  }

  /** Returns the slot of a pair, or the empty slot where it belongs. At most half of the slots are used. */
  #slotOf(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const pair = this.#slots[slot]! - 1;
      if (pair < 0 || (this.#firsts[pair] === first && this.#seconds[pair] === second)) return slot;
    }
  }

  #grow(): void {
    this.#firsts = twice(this.#firsts);
    this.#seconds = twice(this.#seconds);
    this.#counts = twice(this.#counts);
    this.#slots = new Uint32Array(2 * this.#slots.length);
    for (let pair = 0; pair < this.#size; pair++)
      this.#slots[this.#slotOf(this.#firsts[pair]!, this.#seconds[pair]!)] = pair + 1;
  }
}

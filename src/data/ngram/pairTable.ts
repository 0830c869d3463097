import { twice } from '../twice.ts';

/** Number of slots of an empty table; a power of two. */
const FIRST_SLOTS = 2 ** 12;
/** Numbers of a record: first id, second id, count. */
const RECORD = 3;

/**
 * Numbered ordered pairs of ids with their counts, in bounded memory: a hash table with linear probing over typed
 * arrays, 12 bytes for each pair and 8 to 16 for its slots. Pairs have the numbers 0, 1, 2, ... in the order in which
 * they were first added. After `maxPairs` different pairs, new pairs are not counted.
 *
 * Tables of millions of pairs do not fit into the cache, and the time of an operation is that of its cache misses. So a
 * slot has bits of the hash, which tell nearly all other pairs apart, and a pair is one record: two misses.
 */
export class PairTable {
  readonly #maxPairs: number;
  #size = 0;
  #records = new Uint32Array((RECORD * FIRST_SLOTS) / 2);
  /** Number of the pair plus one in as many bits as choose a slot, and bits of its hash above; 0 for an empty slot. */
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
    const hash = hashOf(first, second);
    const slot = this.#slotOf(first, second, hash);
    const known = this.#numberIn(slot);
    if (known >= 0) {
      const count = RECORD * known + 2;
      this.#records[count] = this.#records[count]! + 1;
      return known;
    }
    if (this.#size === this.#maxPairs) return -1;
    const added = this.#size++;
    this.#slots[slot] = tagged(added, hash, this.#slots.length - 1);
    this.#records[RECORD * added] = first;
    this.#records[RECORD * added + 1] = second;
    this.#records[RECORD * added + 2] = 1;
    if (2 * this.#size === this.#slots.length) this.#grow();
    return added;
  }

  /** Returns the number of a pair; -1 if it was never added. */
  find(first: number, second: number): number {
    return this.#numberIn(this.#slotOf(first, second, hashOf(first, second)));
  }

  firstOf(pair: number): number {
    return this.#records[RECORD * pair]!;
  }

  secondOf(pair: number): number {
    return this.#records[RECORD * pair + 1]!;
  }

  countOf(pair: number): number {
    return this.#records[RECORD * pair + 2]!;
  }

  /** Number of the pair in a slot; -1 if it is empty. */
  #numberIn(slot: number): number {
    return (this.#slots[slot]! & (this.#slots.length - 1)) - 1;
  }

  /** Returns the slot of a pair, or the empty slot where it belongs. At most half of the slots are used. */
  #slotOf(first: number, second: number, hash: number): number {
    const [slots, records] = [this.#slots, this.#records];
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const found = slots[slot]!;
      if (found === 0) return slot;
      if (((found ^ hash) & ~mask) !== 0) continue;
      const record = RECORD * ((found & mask) - 1);
      if (records[record] === first && records[record + 1] === second) return slot;
    }
  }

  #grow(): void {
    const records = twice(this.#records);
    this.#records = records;
    const slots = new Uint32Array(2 * this.#slots.length);
    this.#slots = slots;
    const mask = slots.length - 1;
    for (let pair = 0; pair < this.#size; pair++) {
      const hash = hashOf(records[RECORD * pair]!, records[RECORD * pair + 1]!);
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = tagged(pair, hash, mask);
    }
  }
}

function tagged(pair: number, hash: number, mask: number): number {
  return (hash & ~mask) | (pair + 1);
}

/** All bits of both ids decide about the low bits of the hash, which choose the slot, and about its high ones, the tag. */
function hashOf(first: number, second: number): number {
  let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

const SLOTS = 1024;
const [OFFSET, PRIME] = [0x811c9dc5, 0x01000193];

/** Hash of a part of a text (Fowler, Noll and Vo; FNV-1a, for code units). */
export function hashOf(text: string, start = 0, end = text.length): number {
  let hash = OFFSET;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  return hash;
}

/**
 * Numbers things from 0 in the order in which they are first added, by a hash of each and a comparison of those whose
 * hashes are equal. It holds 16 bytes or fewer per thing, and not the things, so that it fits many millions; a `Map`
 * has at most 2^24 entries.
 */
export class HashIndex {
  /** Number of distinct things. */
  size = 0;
  /** Number of the thing in each slot, plus 1. */
  #slots = new Int32Array(SLOTS);
  #hashes = new Int32Array(SLOTS / 2);

  /** Returns the number of a thing, which is the former `size` for a new one. */
  numberOf(hash: number, isSame: (number: number) => boolean): number {
    const mask = this.#slots.length - 1;
    let slot = spread(hash) & mask;
    for (let found = this.#slots[slot]!; found !== 0; found = this.#slots[slot]!) {
      if (this.#hashes[found - 1] === (hash | 0) && isSame(found - 1)) return found - 1;
      slot = (slot + 1) & mask;
    }
    if (this.size === this.#hashes.length) {
      this.#grow();
      return this.numberOf(hash, isSame);
    }
    this.#hashes[this.size++] = hash;
    this.#slots[slot] = this.size;
    return this.size - 1;
  }

  #grow(): void {
    const hashes = new Int32Array(2 * this.#hashes.length);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let number = 0; number < this.size; number++) {
      let slot = spread(hashes[number]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}

/** Lets all bits of a hash decide about its low ones (the end of MurmurHash3). */
function spread(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

const SLOTS = 1024;
const GROWTH = 4;
/** Share of the slots that are taken at most, as a shift. */
const FILLED = 1;

/** Hash of an empty text (Fowler, Noll and Vo; FNV-1a, for code units). */
export const FIRST_HASH = 0x811c9dc5 | 0;

/** Hash of a text and one more code unit. */
export function hashWith(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

/** Hash of a part of a text. */
export function hashOf(text: string, start = 0, end = text.length): number {
  let hash = FIRST_HASH;
  for (let at = start; at < end; at++) hash = hashWith(hash, text.charCodeAt(at));
  return hash;
}

/** Hash of bytes from one place up to another, of which four are read at a time. @param view has three bytes after them */
export function hashOfBytes(view: DataView, start: number, end: number): number {
  let hash = FIRST_HASH ^ (end - start);
  let at = start;
  for (; at + 4 <= end; at += 4) hash = hashWithWord(hash, view.getInt32(at, true));
  return at === end ? hash : hashWithWord(hash, view.getInt32(at, true) & ((1 << (8 * (end - at))) - 1));
}

function hashWithWord(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

/** Lets all bits of a hash decide about its low ones (the end of MurmurHash3). */
function spread(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * Numbers things from 0 in the order in which they are first added, by a hash of each and a comparison of those whose
 * hashes are equal. It holds 16 to 64 bytes for each thing, and not the things, so that it fits many millions; a `Map`
 * has at most 2^24 entries.
 */
export class HashIndex {
  /** Number of distinct things. */
  size = 0;
  /** Pairs of a hash and the number of its thing plus 1; 0 in an empty slot. */
  #slots = new Int32Array(2 * SLOTS);

  /** Returns the number of a thing, which is the former `size` for a new one. */
  numberOf(hash: number, isSame: (number: number) => boolean): number {
    if (this.size >= this.#slots.length >> (1 + FILLED)) this.#slots = grown(this.#slots);
    const slots = this.#slots;
    let at = placeOf(hash, slots);
    for (let found = slots[at + 1]!; found !== 0; found = slots[at + 1]!) {
      if (slots[at] === hash && isSame(found - 1)) return found - 1;
      at = (at + 2) & (slots.length - 1);
    }
    slots[at] = hash;
    slots[at + 1] = ++this.size;
    return this.size - 1;
  }
}

/** Place of the pair at which the search for a hash begins. @param slots pairs, of a power of two */
export function placeOf(hash: number, slots: Int32Array): number {
  return (2 * spread(hash)) & (slots.length - 1);
}

/** Larger slots with the same pairs of a hash and a number, which is 0 in an empty slot. @param factor a power of two */
export function grown(slots: Int32Array<ArrayBuffer>, factor = GROWTH): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(factor * slots.length);
  for (let from = 0; from < slots.length; from += 2) {
    if (slots[from + 1] === 0) continue;
    let at = placeOf(slots[from]!, larger);
    while (larger[at + 1] !== 0) at = (at + 2) & (larger.length - 1);
    larger[at] = slots[from]!;
    larger[at + 1] = slots[from + 1]!;
  }
  return larger;
}

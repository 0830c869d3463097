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

/** Place of the pair at which the search for a hash begins. @param slots pairs, of a power of two */
export function placeOf(hash: number, slots: Int32Array): number {
  return (2 * spread(hash)) & (slots.length - 1);
}

/** Twice as many slots with the same pairs of a hash and a number, which is 0 in an empty slot. */
export function doubledSlots(slots: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * slots.length);
  for (let from = 0; from < slots.length; from += 2) {
    if (slots[from + 1] === 0) continue;
    let at = placeOf(slots[from]!, larger);
    while (larger[at + 1] !== 0) at = (at + 2) & (larger.length - 1);
    larger[at] = slots[from]!;
    larger[at + 1] = slots[from + 1]!;
  }
  return larger;
}

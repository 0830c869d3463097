import { doubledSlots, FIRST_HASH, hashWith, placeOf } from './hashIndex.ts';
import type { TextBytes } from './textBytes.ts';
import { twice } from './twice.ts';

/** Bytes of a part whose bytes are its key. Four bytes of a key hold the length and the last of them. */
const SHORT = 11;
const FIRST_SLOTS = 2 ** 10;
/** Numbers of a slot of a short part: twelve bytes of a key, and the value. */
const SLOT_SHIFT = 2;
const SLOT = 1 << SLOT_SHIFT;
/** Numbers of a record of a longer part: its place in the kept bytes, its length, and its value. */
const RECORD = 3;

/** Value of a part that is not in a table. */
export const MISSING = -(2 ** 31);

/** Masks of the bytes of a part in each of the three words of a key, by its length. */
const masks = [0, 1, 2].map((word) =>
  Int32Array.from({ length: SHORT + 1 }, (_, length) => {
    const bytes = Math.min(4, Math.max(0, length - 4 * word));
    return bytes === 4 ? -1 : (1 << (8 * bytes)) - 1;
  }),
);
const [FIRST_MASK, SECOND_MASK, THIRD_MASK] = masks as [Int32Array, Int32Array, Int32Array];

/**
 * Table from parts of texts, by their bytes, to numbers. Most parts of a text occur often and are short: the key and the
 * value of a short part are next to each other, so that finding it takes one access to memory and no string.
 */
export class PartTable {
  /** Number of parts. */
  size = 0;
  /** Place after the part that `getVisible` found. */
  end = 0;
  #short = new Int32Array(SLOT * FIRST_SLOTS);
  #shortParts = 0;
  /** Pairs of a hash and the number of the record plus one; 0 in an empty slot. */
  #slots = new Int32Array(2 * FIRST_SLOTS);
  #records = new Int32Array(RECORD * FIRST_SLOTS);
  #longParts = 0;
  #kept = new Uint8Array(2 ** 12);
  #keptBytes = 0;
  /** The part that was not found last. */
  #first = 0;
  #second = 0;
  #third = 0;
  #hash = 0;
  #slot = 0;

  /** Returns the value of a part, from one byte up to another; `MISSING` if it is not in the table. */
  get(text: TextBytes, start: number, end: number): number {
    const length = end - start;
    return length > SHORT ? this.#getLong(text.bytes, start, end) : this.#getShort(text.view, start, length);
  }

  /** Adds the part that the last `get` did not find. @param value other than `MISSING` */
  add(text: TextBytes, start: number, end: number, value: number): void {
    this.size++;
    if (end - start > SHORT) this.#addLong(text.bytes, start, end, value);
    else this.#addShort(value);
  }

  /**
   * Returns the value of a short part of visible ASCII characters that begins at a byte and ends before another one, whose
   * place is then in `end`.
   * @returns `MISSING` if it is not in the table, is longer or has other characters before white space
   */
  getVisible(view: DataView, start: number): number {
    let first = view.getInt32(start, true);
    let second = 0;
    let third = 0;
    let length: number;
    let ends = endsIn(first);
    if (ends !== 0) {
      length = firstOf(ends);
      first &= FIRST_MASK[length]!;
    } else {
      second = view.getInt32(start + 4, true);
      ends = endsIn(second);
      if (ends !== 0) {
        length = firstOf(ends);
        second &= FIRST_MASK[length]!;
        length += 4;
      } else {
        third = view.getInt32(start + 8, true);
        ends = endsIn(third);
        if (ends === 0) return MISSING;
        length = firstOf(ends);
        third &= FIRST_MASK[length]!;
        length += 8;
      }
    }
    this.end = start + length;
    return this.#getKey(first, second, third | ((length + 1) << 24));
  }

  #getShort(view: DataView, start: number, length: number): number {
    const first = view.getInt32(start, true) & FIRST_MASK[length]!;
    const second = view.getInt32(start + 4, true) & SECOND_MASK[length]!;
    const third = view.getInt32(start + 8, true) & THIRD_MASK[length]!;
    return this.#getKey(first, second, third | ((length + 1) << 24));
  }

  #getKey(first: number, second: number, third: number): number {
    const slots = this.#short;
    const mask = slots.length - 1;
    let slot = (hashOfKey(first, second, third) << SLOT_SHIFT) & mask;
    for (; slots[slot + 2] !== 0; slot = (slot + SLOT) & mask)
      if (slots[slot] === first && slots[slot + 1] === second && slots[slot + 2] === third) return slots[slot + 3]!;
    this.#first = first;
    this.#second = second;
    this.#third = third;
    this.#slot = slot;
    return MISSING;
  }

  #addShort(value: number): void {
    const slots = this.#short;
    slots[this.#slot] = this.#first;
    slots[this.#slot + 1] = this.#second;
    slots[this.#slot + 2] = this.#third;
    slots[this.#slot + 3] = value;
    if (2 * SLOT * ++this.#shortParts <= slots.length) return;
    const larger = new Int32Array(2 * slots.length);
    const mask = larger.length - 1;
    for (let from = 0; from < slots.length; from += SLOT) {
      if (slots[from + 2] === 0) continue;
      let slot = (hashOfKey(slots[from]!, slots[from + 1]!, slots[from + 2]!) << SLOT_SHIFT) & mask;
      while (larger[slot + 2] !== 0) slot = (slot + SLOT) & mask;
      for (let at = 0; at < SLOT; at++) larger[slot + at] = slots[from + at]!;
    }
    this.#short = larger;
  }

  #getLong(bytes: Uint8Array, start: number, end: number): number {
    let hash = FIRST_HASH;
    for (let at = start; at < end; at++) hash = hashWith(hash, bytes[at]!);
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = placeOf(hash, slots);
    for (; slots[slot + 1] !== 0; slot = (slot + 2) & mask) {
      const record = RECORD * (slots[slot + 1]! - 1);
      if (slots[slot] === hash && this.#isAt(record, bytes, start, end)) return this.#records[record + 2]!;
    }
    this.#hash = hash;
    this.#slot = slot;
    return MISSING;
  }

  #isAt(record: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#records[record + 1] !== end - start) return false;
    const kept = this.#kept;
    let place = this.#records[record]!;
    for (let at = start; at < end; at++) if (kept[place++] !== bytes[at]) return false;
    return true;
  }

  #addLong(bytes: Uint8Array, start: number, end: number, value: number): void {
    const record = RECORD * this.#longParts++;
    if (record === this.#records.length) this.#records = twice(this.#records);
    this.#records[record] = this.#keptBytes;
    this.#records[record + 1] = end - start;
    this.#records[record + 2] = value;
    while (this.#keptBytes + end - start > this.#kept.length) this.#kept = twice(this.#kept);
    this.#kept.set(bytes.subarray(start, end), this.#keptBytes);
    this.#keptBytes += end - start;
    const slots = this.#slots;
    slots[this.#slot] = this.#hash;
    slots[this.#slot + 1] = this.#longParts;
    if (4 * this.#longParts > slots.length) this.#slots = doubledSlots(slots);
  }
}

/** The highest bit of the bytes of a word that are not visible ASCII characters: right for the first of them. */
function endsIn(word: number): number {
  return ((word - 0x21212121) | word) & 0x80808080;
}

/** Number of the first byte whose highest bit is set. */
function firstOf(bits: number): number {
  return (31 - Math.clz32(bits & -bits)) >> 3;
}

/** Hash of the three words of a key. */
function hashOfKey(first: number, second: number, third: number): number {
  let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca77) ^ Math.imul(third, 0xc2b2ae3d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

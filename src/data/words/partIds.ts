import { spread } from '../hashIndex.ts';
import { twice } from '../twice.ts';

/** Parts that are remembered, and code units of one part, at most: frequent parts are short. */
const MOST_PARTS = 2 ** 19;
const LONGEST_PART = 48;
const FIRST_SLOTS = 2 ** 13;
/** Numbers of a record: start and length in the code units, start and length in the ids. */
const RECORD = 4;

/**
 * Ids of the tokens of parts of a text, by their code units. Most parts of a text occur often, so that they are split
 * into tokens once, and found again without a string for each.
 */
export class PartIds {
  readonly #idsOf: (part: string) => readonly number[];
  #parts = 0;
  /** Pairs of a hash and the number of the part plus one; 0 in an empty slot. */
  #slots = new Int32Array(2 * FIRST_SLOTS);
  #records = new Uint32Array((RECORD * FIRST_SLOTS) / 2);
  #units = new Uint16Array(2 ** 16);
  #unitsUsed = 0;
  #ids = new Int32Array(2 ** 14);
  #idsUsed = 0;

  /** @param idsOf splits a part that is not known yet; the ids of equal parts have to be equal */
  constructor(idsOf: (part: string) => readonly number[]) {
    this.#idsOf = idsOf;
  }

  /**
   * Writes the ids of a part of a text.
   * @param hash of its code units
   * @param target array with room for as many ids as the part has code units
   * @returns the place after the last id
   */
  write(text: string, start: number, end: number, hash: number, target: Int32Array, place: number): number {
    const length = end - start;
    const mask = this.#slots.length - 2;
    let slot = (spread(hash) << 1) & mask;
    for (; this.#slots[slot + 1] !== 0; slot = (slot + 2) & mask) {
      if (this.#slots[slot] !== hash) continue;
      const record = RECORD * (this.#slots[slot + 1]! - 1);
      if (this.#records[record + 1] !== length || !this.#isAt(this.#records[record]!, text, start, end)) continue;
      const first = this.#records[record + 2]!;
      const count = this.#records[record + 3]!;
      for (let at = 0; at < count; at++) target[place + at] = this.#ids[first + at]!;
      return place + count;
    }
    const ids = this.#idsOf(text.slice(start, end));
    target.set(ids, place);
    if (length <= LONGEST_PART && this.#parts < MOST_PARTS) this.#add(text, start, end, hash, ids, slot);
    return place + ids.length;
  }

  #isAt(unit: number, text: string, start: number, end: number): boolean {
    const units = this.#units;
    for (let at = start; at < end; at++) if (units[unit++] !== text.charCodeAt(at)) return false;
    return true;
  }

  #add(text: string, start: number, end: number, hash: number, ids: readonly number[], slot: number): void {
    const record = RECORD * this.#parts++;
    this.#slots[slot] = hash;
    this.#slots[slot + 1] = this.#parts;
    this.#records[record] = this.#unitsUsed;
    this.#records[record + 1] = end - start;
    this.#records[record + 2] = this.#idsUsed;
    this.#records[record + 3] = ids.length;
    if (this.#unitsUsed + end - start > this.#units.length) this.#units = twice(this.#units);
    for (let at = start; at < end; at++) this.#units[this.#unitsUsed++] = text.charCodeAt(at);
    if (this.#idsUsed + ids.length > this.#ids.length) this.#ids = twice(this.#ids);
    for (const id of ids) this.#ids[this.#idsUsed++] = id;
    if (4 * this.#parts === this.#slots.length) this.#grow();
  }

  #grow(): void {
    const old = this.#slots;
    this.#records = twice(this.#records);
    this.#slots = new Int32Array(2 * old.length);
    const mask = this.#slots.length - 2;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] === 0) continue;
      let slot = (spread(old[from]!) << 1) & mask;
      while (this.#slots[slot + 1] !== 0) slot = (slot + 2) & mask;
      this.#slots[slot] = old[from]!;
      this.#slots[slot + 1] = old[from + 1]!;
    }
  }
}

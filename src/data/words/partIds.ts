import { MISSING, PartTable } from '../partTable.ts';
import type { TextBytes } from '../textBytes.ts';
import { twice } from '../twice.ts';

/** Parts that are remembered, and bytes of one part, at most: frequent parts are short. */
const MOST_PARTS = 2 ** 20;
const LONGEST_PART = 64;
/** Value of a part without ids by itself. */
const DEPENDENT = MISSING + 1;

/**
 * Ids of the tokens of parts of a text. Most parts of a text occur often, so that they are split into tokens once, and
 * found again without a string for each.
 */
export class PartIds {
  readonly #idsOf: (part: string) => readonly number[] | undefined;
  /** The id of a part with one token; the negative place of others in the lists, minus one. */
  readonly #values = new PartTable();
  /** The number of the ids of a part, followed by them, part by part. */
  #lists = new Int32Array(2 ** 10);
  #listed = 0;

  /**
   * @param idsOf splits a part that is not known yet; the ids of equal parts have to be equal. Undefined if a part has
   *   none by itself
   */
  constructor(idsOf: (part: string) => readonly number[] | undefined) {
    this.#idsOf = idsOf;
  }

  /**
   * Writes the ids of a part of a text, from one byte up to another.
   * @param target array with room for the ids
   * @returns the place after the last id; -1 if the part has no ids by itself
   */
  write(text: TextBytes, start: number, end: number, target: Int32Array, place: number): number {
    const value = end - start <= LONGEST_PART ? this.#values.get(text, start, end) : MISSING;
    if (value >= 0) {
      target[place] = value;
      return place + 1;
    }
    if (value === DEPENDENT) return -1;
    if (value === MISSING) return this.#writeNew(text, start, end, target, place);
    return this.#writeList(value, target, place);
  }

  /** Place after the part that `writeVisible` wrote. */
  get end(): number {
    return this.#values.end;
  }

  /**
   * Writes the ids of a known short part of visible ASCII characters, which ends before another character.
   * @returns the place after the last id; -1 if there is no such part
   */
  writeVisible(view: DataView, start: number, target: Int32Array, place: number): number {
    const value = this.#values.getVisible(view, start);
    if (value < 0) return value <= DEPENDENT ? -1 : this.#writeList(value, target, place);
    target[place] = value;
    return place + 1;
  }

  #writeList(value: number, target: Int32Array, place: number): number {
    const lists = this.#lists;
    const list = -value - 1;
    const count = lists[list]!;
    for (let at = 0; at < count; at++) target[place + at] = lists[list + 1 + at]!;
    return place + count;
  }

  #writeNew(text: TextBytes, start: number, end: number, target: Int32Array, place: number): number {
    const ids = this.#idsOf(text.slice(start, end));
    if (end - start <= LONGEST_PART && this.#values.size < MOST_PARTS)
      this.#values.add(text, start, end, ids ? this.#valueOf(ids) : DEPENDENT);
    if (!ids) return -1;
    target.set(ids, place);
    return place + ids.length;
  }

  #valueOf(ids: readonly number[]): number {
    if (ids.length === 1) return ids[0]!;
    const list = this.#listed;
    while (list + 1 + ids.length > this.#lists.length) this.#lists = twice(this.#lists);
    this.#lists[list] = ids.length;
    this.#lists.set(ids, list + 1);
    this.#listed += 1 + ids.length;
    return -list - 1;
  }
}

import { placeOf } from './hashIndex.ts';

/** Things whose hash table fits into the cache of a processor. */
const FEW = 2 ** 14;
const PART_BITS = 8;
const PARTS = 2 ** PART_BITS;

/**
 * Place of the first thing that is equal to each one, which is its own place for a thing that is equal to none before it.
 * Things with the same high bits of their hashes are compared together: a hash table of millions misses the cache of a
 * processor with each access.
 * @param hashes hash of each thing; equal things have equal hashes
 * @param isSame compares the things at two places with equal hashes
 */
export function firstEqual(hashes: Int32Array, isSame: (one: number, other: number) => boolean): Int32Array {
  const firsts = new Int32Array(hashes.length);
  for (let place = 0; place < firsts.length; place++) firsts[place] = place;
  const slots = new Slots();
  if (hashes.length <= FEW) findEqual(hashes, firsts.slice(), slots.of(firsts.length), firsts, isSame);
  else for (const places of partsOf(hashes)) findEqual(hashes, places, slots.of(places.length), firsts, isSame);
  return firsts;
}

/** Places in parts by the high bits of their hashes, each part in order. */
function* partsOf(hashes: Int32Array): Generator<Int32Array> {
  const ends = new Uint32Array(PARTS + 1);
  for (let place = 0; place < hashes.length; place++) ends[(hashes[place]! >>> (32 - PART_BITS)) + 1]!++;
  for (let part = 1; part <= PARTS; part++) ends[part]! += ends[part - 1]!;
  const starts = ends.slice();
  const places = new Int32Array(hashes.length);
  for (let place = 0; place < hashes.length; place++) places[starts[hashes[place]! >>> (32 - PART_BITS)]!++] = place;
  for (let part = 0; part < PARTS; part++) yield places.subarray(ends[part]!, ends[part + 1]!);
}

/** Slots of a hash table, in memory that the next table uses again. */
class Slots {
  #all = new Int32Array(0);

  /** Empty pairs of two numbers, of a power of two, at least twice as many as there are things. */
  of(things: number): Int32Array {
    const length = 2 ** Math.ceil(Math.log2(4 * Math.max(1, things)));
    if (length > this.#all.length) this.#all = new Int32Array(length);
    return this.#all.subarray(0, length).fill(0);
  }
}

/** Writes the first of the equal things at some places. @param slots pairs of a hash and a place plus one; zeros */
function findEqual(
  hashes: Int32Array,
  places: Int32Array,
  slots: Int32Array,
  firsts: Int32Array,
  isSame: (one: number, other: number) => boolean,
): void {
  const mask = slots.length - 1;
  for (let at = 0; at < places.length; at++) {
    const place = places[at]!;
    const hash = hashes[place]!;
    let slot = placeOf(hash, slots);
    for (let found = slots[slot + 1]!; found !== 0; found = slots[slot + 1]!) {
      if (slots[slot] === hash && isSame(found - 1, place)) {
        firsts[place] = firsts[found - 1]!;
        break;
      }
      slot = (slot + 2) & mask;
    }
    slots[slot] = hash;
    // The last of the equal things is nearest in memory to the next.
    slots[slot + 1] = place + 1;
  }
}

import { HashIndex } from './hashIndex.ts';
import { twice } from './twice.ts';

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
  if (hashes.length <= FEW) findEqual(hashes, firsts.slice(), firsts, isSame);
  else for (const places of partsOf(hashes)) findEqual(hashes, places, firsts, isSame);
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

/** Writes the first of the equal things at some places. */
function findEqual(
  hashes: Int32Array,
  places: Int32Array,
  firsts: Int32Array,
  isSame: (one: number, other: number) => boolean,
): void {
  const index = new HashIndex();
  /** The last one of each number of equal things, which is nearest in memory to the next. */
  let lasts = new Int32Array(64);
  let current = 0;
  const isCurrent = (number: number) => isSame(lasts[number]!, current);
  for (const place of places) {
    current = place;
    const before = index.size;
    const number = index.numberOf(hashes[place]!, isCurrent);
    if (number < before) firsts[place] = firsts[lasts[number]!]!;
    else if (number === lasts.length) lasts = twice(lasts);
    lasts[number] = place;
  }
}

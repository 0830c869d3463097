import assert from 'node:assert/strict';
import fc from 'fast-check';
import { firstEqual } from '../../../src/data/firstEqual.ts';

/** Places of the first of equal values, found one by one. */
function expected(values: readonly number[]): number[] {
  const firsts = new Map<number, number>();
  return values.map((value, place) => {
    const first = firsts.get(value) ?? place;
    firsts.set(value, first);
    return first;
  });
}

/** @param collisions number of values with the same hash */
function found(values: readonly number[], collisions: number): number[] {
  const hashes = Int32Array.from(values, (value) => Math.imul(Math.floor(value / collisions), 0x9e3779b1));
  return [
    ...firstEqual(hashes, (one, other) => {
      assert.equal(hashes[one], hashes[other], 'only things with equal hashes are compared');
      return values[one] === values[other];
    }),
  ];
}

describe('the first of equal things', () => {
  it('is found for any things, also where hashes collide', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40)), fc.integer({ min: 1, max: 50 }), (values, collisions) => {
        assert.deepEqual(found(values, collisions), expected(values));
      }),
    );
  });

  for (const distinct of [3, 1000, 40_000])
    it(`is found among 50,000 things, of which at most ${distinct} differ`, () => {
      const values = Array.from({ length: 50_000 }, (_, place) => Math.imul(place, 0x2c1b3c6d) >>> 0).map(
        (mixed) => mixed % distinct,
      );
      const firsts = expected(values);
      // The difference of two such arrays would take minutes to show.
      for (const collisions of [1, 2, 7])
        assert.ok(found(values, collisions).every((first, place) => first === firsts[place]));
    });
});

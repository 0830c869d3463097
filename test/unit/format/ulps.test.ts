import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ulpsApart } from '../../../src/format/ulps.ts';

describe('units in the last place', () => {
  const anyFloat = fc.float({ noNaN: true, noDefaultInfinity: true });

  it('count float32 numbers, and float64 numbers for others', () => {
    assert.equal(ulpsApart(1, 1 + 2 ** -23), 1);
    assert.equal(ulpsApart(1, 1 + 2 ** -52), 1);
    assert.equal(ulpsApart(0, -0), 0);
    assert.equal(ulpsApart(-(2 ** -149), 2 ** -149), 2);
    assert.equal(ulpsApart(NaN, 1), null);
    assert.equal(ulpsApart(1, Infinity), null);
  });

  it('are a distance', () => {
    fc.assert(
      fc.property(anyFloat, anyFloat, (a, b) => {
        assert.equal(ulpsApart(a, b), ulpsApart(b, a));
        assert.equal(ulpsApart(a, b) === 0, a === b);
      }),
    );
  });
});

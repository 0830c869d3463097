import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DIGITS, rounded } from '../../../src/agents/rounded.ts';

describe('rounded answers', () => {
  it('keep whole numbers, and fractions up to half a unit of the last digit', () => {
    fc.assert(fc.property(fc.integer(), (value) => assert.equal(rounded(value), value)));
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const result = rounded(value);
        assert.ok(typeof result === 'number');
        // Subnormal numbers have fewer digits.
        if (Math.abs(value) < 1e-300) return;
        assert.ok(Math.abs(result - value) <= 0.5001 * 10 ** (1 - DIGITS) * Math.abs(value));
        assert.ok(Number.isInteger(value) || Number(result.toPrecision(DIGITS)) === result);
      }),
    );
  });

  it('are JSON of the same structure, which rounding leaves as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = rounded(value);
        assert.deepEqual(rounded(once), once);
        assert.deepEqual(JSON.parse(JSON.stringify(once)), JSON.parse(JSON.stringify(once)));
      }),
    );
    assert.deepEqual(rounded({ a: NaN, b: [Infinity, 1.234567], c: undefined, d: 'text' }), {
      a: null,
      b: [null, 1.235],
      d: 'text',
    });
  });
});

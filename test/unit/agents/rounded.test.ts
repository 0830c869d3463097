import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DIGITS, exact, rounded } from '../../../src/agents/rounded.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
/** Shares, many of which are next to 1. */
const share = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 1e-16, max: 1e-3, noNaN: true }).map((rest) => 1 - rest),
);

describe('rounded answers', () => {
  it('keep whole numbers, and fractions up to half a unit of the last digit', () => {
    fc.assert(fc.property(fc.integer(), (value) => assert.equal(rounded(value), value)));
    fc.assert(
      fc.property(fc.oneof(finite, share), (value) => {
        const result = rounded(value);
        assert.ok(typeof result === 'number');
        // Subnormal numbers have fewer digits.
        if (Math.abs(value) < 1e-300) return;
        assert.ok(Math.abs(result - value) <= 0.5001 * 10 ** (1 - DIGITS) * Math.abs(value));
        const isNextToOne = Math.abs(value) > 0.5 && Math.abs(value) < 1;
        assert.ok(Number.isInteger(value) || isNextToOne || Number(result.toPrecision(DIGITS)) === result);
      }),
    );
  });

  it('keep what a share lacks to 1', () => {
    fc.assert(
      fc.property(share, (value) => {
        const result = Number(rounded(value));
        const rest = 1 - value;
        assert.equal(result < 1, value < 1);
        // A number next to 1 cannot hold more digits than the last term.
        if (value > 0.5) assert.ok(Math.abs(1 - result - rest) <= 0.5001 * 10 ** (1 - DIGITS) * rest + 2 ** -52);
      }),
    );
    assert.equal(rounded(0.99996), 0.99996);
    assert.equal(rounded(0.654321), 0.6543);
  });

  it('keep different values of an exact part different', () => {
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        fc.pre(a !== b);
        assert.deepEqual(rounded({ part: exact({ inner: [a, { b }] }) }), { part: { inner: [a, { b }] } });
      }),
    );
    assert.deepEqual(rounded([exact([NaN, 1.234567]), 1.234567]), [[null, 1.234567], 1.235]);
  });

  it('are JSON of the same structure, which rounding leaves as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = rounded(value);
        assert.deepEqual(rounded(once), once);
        assert.deepEqual(shapeOf(once), shapeOf(value));
      }),
    );
    assert.deepEqual(rounded({ a: NaN, b: [Infinity, 1.234567], c: undefined, d: 'text' }), {
      a: null,
      b: [null, 1.235],
      d: 'text',
    });
  });
});

/** A value with 0 for each number. */
function shapeOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, each: unknown) => (typeof each === 'number' ? 0 : each));
}

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findSeason } from '../../../../src/data/numeric/season.ts';

describe('the season of a series', () => {
  it('is the period of a repeated pattern, at any level and scale', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 20 }),
        fc.double({ min: 0.1, max: 100, noNaN: true }),
        fc.double({ min: -50, max: 50, noNaN: true }),
        (period, scale, level) => {
          const values = Float32Array.from(
            { length: 12 * period },
            (_, t) => level + scale * Math.sin((2 * Math.PI * t) / period),
          );
          assert.equal(findSeason(values, 40), period);
        },
      ),
    );
  });

  it('does not exist in a constant, a trend or a random walk of signs, or beyond the longest period', () => {
    assert.equal(findSeason(new Float32Array(50).fill(3), 20), undefined);
    assert.equal(
      findSeason(
        Float32Array.from({ length: 50 }, (_, t) => t),
        20,
      ),
      undefined,
    );
    assert.equal(
      findSeason(
        Float32Array.from({ length: 60 }, (_, t) => Math.sin((2 * Math.PI * t) / 12)),
        11,
      ),
      undefined,
    );
    assert.equal(findSeason(new Float32Array(0), 20), undefined);
  });
});

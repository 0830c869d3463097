import assert from 'node:assert/strict';
import fc from 'fast-check';
import { smooth } from '../../../webview/charts/smoothing.ts';

const near = (actual: number | null | undefined, expected: number) => {
  assert.ok(
    actual != null && Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );
};

const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 });
const steps = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('smoothing', () => {
  it('is the bias-corrected exponential average for a point at every step', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 500 }), (y, over) => {
        const decay = Math.exp(-1 / over);
        const smoothed = smooth({ x: steps(y.length), y }, over).y;
        let average = 0;
        y.forEach((value, i) => {
          average = decay * average + (1 - decay) * value;
          near(smoothed[i], average / (1 - decay ** (i + 1)));
        });
      }),
    );
  });

  it('does not depend on the decimation of a piecewise constant curve', () => {
    const held = fc.tuple(fc.double({ min: -100, max: 100, noNaN: true }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.double({ min: -100, max: 100, noNaN: true }), fc.array(held), (first, rest) => {
        // Each value lasts some steps, the first one step; the decimated curve has only the last of them.
        const all = [first, ...rest.flatMap(([value, length]) => Array.from({ length }, () => value))];
        const ends = rest.reduce<number[]>((before, [, length]) => [...before, (before.at(-1) ?? 1) + length], [1]);
        const thinned = smooth({ x: ends, y: [first, ...rest.map(([value]) => value)] }, 20).y;
        const full = smooth({ x: steps(all.length), y: all }, 20).y;
        ends.forEach((x, i) => near(thinned[i], full[x - 1] ?? NaN));
      }),
    );
  });

  it('stays within the range of the values', () => {
    fc.assert(
      fc.property(values, (y) => {
        for (const value of smooth({ x: steps(y.length), y }, 30).y) {
          assert.ok(value !== null && value >= Math.min(...y) - 1e-9 && value <= Math.max(...y) + 1e-9);
        }
      }),
    );
  });

  it('keeps gaps and continues after them', () => {
    const smoothed = smooth({ x: [1, 2, 3], y: [5, null, 5] }, 10).y;
    assert.equal(smoothed[1], null);
    near(smoothed[0], 5);
    near(smoothed[2], 5);
  });

  it('returns no points for no points', () => {
    assert.deepEqual(smooth({ x: [], y: [] }, 10), { x: [], y: [] });
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { noPoints, type Points } from '../../../webview/charts/points.ts';
import { meanBand } from '../../../webview/reports/meanBand.ts';

const anyCurve: fc.Arbitrary<Points> = fc
  .array(fc.tuple(fc.nat({ max: 50 }), fc.option(fc.double({ min: -5, max: 5, noNaN: true }))), { minLength: 1 })
  .map((points) => points.toSorted(([a], [b]) => a - b))
  .map((points) => ({ x: points.map(([x]) => x), y: points.map(([, y]) => y) }));

describe('meanBand', () => {
  it('lies between the smallest and the largest value, within its band', () => {
    fc.assert(
      fc.property(fc.array(anyCurve, { maxLength: 5 }), (curves) => {
        const { mean, low, high } = meanBand(curves);
        const values = curves.flatMap(({ y }) => y).filter((value) => value !== null);
        mean.y.forEach((value, i) => {
          if (value === null) return;
          assert.ok(value >= Math.min(...values) - 1e-9 && value <= Math.max(...values) + 1e-9);
          const [below, above] = [low.y[i], high.y[i]];
          if (below != null && above != null) assert.ok(below <= value && value <= above);
        });
        assert.deepEqual(mean.x, low.x);
        assert.ok(mean.x.every((x, i) => i === 0 || x > (mean.x[i - 1] ?? x)));
      }),
    );
  });

  it('is the curve itself for equal curves, without a width', () => {
    const curve = { x: [0, 10, 20], y: [3, 2, 1] };
    const { mean, low, high } = meanBand([curve, curve]);
    assert.deepEqual([mean, low, high], [curve, curve, curve]);
  });

  it('interpolates where all curves have values', () => {
    const { mean, high } = meanBand([
      { x: [0, 10, 20], y: [0, 10, 20] },
      { x: [5, 15], y: [7, 17] },
    ]);
    assert.deepEqual(mean, { x: [5, 10, 15], y: [6, 11, 16] });
    assert.ok(Math.abs((high.y[0] ?? 0) - (6 + Math.SQRT2)) < 1e-12);
  });

  it('has no band for one curve, and gaps where a curve has one', () => {
    assert.deepEqual(meanBand([{ x: [0, 1], y: [1, 2] }]).high.y, [null, null]);
    assert.deepEqual(meanBand([{ x: [0, 1, 2], y: [1, null, 3] }]).mean.y, [1, null, 3]);
    assert.deepEqual(meanBand([noPoints]).mean, noPoints);
  });
});

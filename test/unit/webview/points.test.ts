import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyChange, dotRadii, nearestIndex, noPoints } from '../../../webview/charts/points.ts';
import { errorWith, type Fact } from '../../harness/facts.ts';

describe('points of a curve', () => {
  it('keeps the first points and appends the others', () => {
    const three = applyChange(noPoints, { keep: 0, points: [1, 4.2, 2, null, 3, 4] });
    assert.deepEqual(three, { x: [1, 2, 3], y: [4.2, null, 4] });
    assert.deepEqual(applyChange(three, { keep: 1, points: [5, 3.5] }), { x: [1, 5], y: [4.2, 3.5] });
    assert.deepEqual(applyChange(three, { keep: 3, points: [] }), three);
    assert.deepEqual(applyChange(three, { keep: 0, points: [] }), noPoints);
  });

  it('does not modify its input', () => {
    const before = applyChange(noPoints, { keep: 0, points: [1, 1] });
    applyChange(before, { keep: 1, points: [2, 2] });
    assert.deepEqual(before, { x: [1], y: [1] });
  });

  const misfits: [string, number, (number | null)[], ...Fact[]][] = [
    ['more kept than there is', 2, [], 2, 1],
    ['half a point', 1, [2], 'y'],
    ['no x', 1, [null, 2], 1, 'x'],
    ['a step back', 1, [0, 2], 1, 0],
  ];
  for (const [name, keep, appended, ...facts] of misfits) {
    it(`rejects ${name}`, () => {
      assert.throws(
        () => applyChange({ x: [1], y: [1] }, { keep, points: appended }),
        errorWith({ name: 'RangeError' }, ...facts),
      );
    });
  }

  it('gives the same curve for any split into changes', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double({ noNaN: true }), { nil: null })), fc.array(fc.nat(20)), (ys, sizes) => {
        const flat = ys.flatMap((y, x) => [x, y]);
        let points = noPoints;
        for (const size of [...sizes, ys.length]) {
          // Each change repeats the last point, as the host does while a bucket is incomplete.
          const keep = Math.max(0, points.x.length - 1);
          points = applyChange(points, { keep, points: flat.slice(2 * keep, 2 * (points.x.length + size)) });
        }
        assert.deepEqual(points, applyChange(noPoints, { keep: 0, points: flat }));
      }),
    );
  });

  it('finds the nearest point', () => {
    const ascending = fc
      .array(fc.integer({ min: 0, max: 1000 }), { minLength: 1 })
      .map((xs) => xs.sort((a, b) => a - b));
    fc.assert(
      fc.property(ascending, fc.integer({ min: -50, max: 1050 }), (xs, target) => {
        const found = xs[nearestIndex(xs, target)];
        const distance = Math.min(...xs.map((x) => Math.abs(x - target)));
        assert.equal(Math.abs((found ?? NaN) - target), distance);
      }),
    );
    assert.equal(nearestIndex([], 3), -1);
    assert.equal(nearestIndex([1, 3], 2), 0, 'the first of two equally near points');
  });
});

describe('dots on points', () => {
  const straight = (n: number) => ({
    x: Array.from({ length: n }, (_, i) => i),
    y: Array.from({ length: n }, () => 1),
  });

  it('are on every point of a short curve, largest on the first ones', () => {
    const [first, short] = [dotRadii(straight(1)), dotRadii(straight(60))];
    assert.ok(typeof first === 'number' && typeof short === 'number' && first > short && short > 0);
    assert.equal(dotRadii(straight(61)), 0);
  });

  it('show a point between two gaps of a long curve', () => {
    const { x, y } = straight(100);
    const radii = dotRadii({ x, y: y.map((value, i) => (i === 40 || i === 42 ? null : value)) });
    assert.ok(Array.isArray(radii));
    assert.deepEqual(
      radii.flatMap((radius, i) => (radius > 0 ? [i] : [])),
      [41],
    );
  });
});

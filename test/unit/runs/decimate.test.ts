import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bucketOf, bucketWidth, decimate, MAX_BUCKETS } from '../../../src/runs/series/decimate.ts';
import { DecimatedView } from '../../../src/host/series/decimatedView.ts';
import { Series } from '../../../src/runs/series/series.ts';

function seriesOf(points: readonly (readonly [x: number, y: number | null])[]): Series {
  const series = new Series();
  for (const [x, y] of points) series.append(x, y);
  return series;
}

function pairs(flat: readonly (number | null)[]): [number | null, number | null][] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] ?? null, flat[2 * i + 1] ?? null]);
}

/** Curves of a run: ascending steps with gaps, and finite and non-finite values. */
const curve = fc
  .array(
    fc.tuple(
      fc.integer({ min: 1, max: 40 }),
      fc.oneof(
        { weight: 9, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
        { weight: 1, arbitrary: fc.constant(null) },
      ),
    ),
    { maxLength: 400 },
  )
  .map((steps) => {
    let x = 0;
    return steps.map(([gap, y]): [number, number | null] => [(x += gap), y]);
  });

describe('decimation', () => {
  it('returns a short series unchanged', () => {
    const points: [number, number | null][] = [
      [1, 4],
      [2, 3.5],
      [3, null],
      [4, 3.5],
    ];
    assert.deepEqual(pairs(decimate(seriesOf(points))), points);
  });

  it('returns nothing for an empty series', () => {
    assert.deepEqual(decimate(new Series()), []);
  });

  it('keeps minimum and maximum of a bucket in the order in which they occurred', () => {
    const series = seriesOf(Array.from({ length: 4000 }, (_, i): [number, number] => [i, 0]));
    assert.equal(bucketWidth(series), 4);
    const peak = seriesOf(Array.from({ length: 4000 }, (_, i): [number, number] => [i, { 5: 9, 6: -9 }[i] ?? 0]));
    assert.deepEqual(pairs(decimate(peak)).slice(0, 4), [
      [0, 0],
      [5, 9],
      [6, -9],
      [8, 0],
    ]);
  });

  it('returns one point for a bucket of equal values, and the first non-finite value of a bucket', () => {
    const series = seriesOf(
      Array.from({ length: 2048 }, (_, i): [number, number | null] => [i, [null, null, 2, 2][i % 4] ?? null]),
    );
    assert.equal(bucketWidth(series), 4);
    assert.deepEqual(pairs(decimate(series)).slice(0, 4), [
      [0, null],
      [2, 2],
      [4, null],
      [6, 2],
    ]);
  });

  for (const last of [1, 999, 1000, 1001, 1999, 2000, 65_535, 1_000_000]) {
    it(`covers steps 1 to ${last} with the narrowest possible buckets`, () => {
      const series = seriesOf([
        [1, 0],
        [last, 0],
      ]);
      const width = bucketWidth(series);
      assert.equal(Math.log2(width) % 1, 0);
      const buckets = (each: number) => bucketOf(last, each) - bucketOf(1, each) + 1;
      assert.ok(buckets(width) <= MAX_BUCKETS);
      if (width > 1) assert.ok(buckets(width / 2) > MAX_BUCKETS);
    });
  }

  it('returns only points of the series, in order, including its extremes', () => {
    fc.assert(
      fc.property(curve, (points) => {
        const kept = pairs(decimate(seriesOf(points)));
        const known = new Set(points.map((point) => JSON.stringify(point)));
        for (const point of kept) assert.ok(known.has(JSON.stringify(point)));
        assert.ok(kept.every(([x], i) => i === 0 || Number(x) > Number(kept[i - 1]?.[0])));
        const finite = (all: readonly (readonly [unknown, number | null])[]) => all.flatMap(([, y]) => y ?? []);
        assert.equal(Math.max(...finite(kept)), Math.max(...finite(points)));
        assert.equal(Math.min(...finite(kept)), Math.min(...finite(points)));
      }),
    );
  });
});

describe('DecimatedView', () => {
  it('sends changes that add up to the decimated series, however the points arrive', () => {
    fc.assert(
      fc.property(curve, fc.array(fc.integer({ min: 0, max: 60 })), (points, portions) => {
        const series = new Series();
        const view = new DecimatedView(series);
        let held: (number | null)[] = [];
        let next = 0;
        for (const portion of [...portions, points.length]) {
          for (const [x, y] of points.slice(next, next + portion)) series.append(x, y);
          next = Math.min(points.length, next + portion);
          const change = view.take();
          if (change) held = [...held.slice(0, 2 * change.keep), ...change.points];
          assert.deepEqual(held, decimate(series));
        }
      }),
    );
  });

  it('sends nothing without a change', () => {
    const series = seriesOf([[1, 2]]);
    const view = new DecimatedView(series);
    assert.deepEqual(view.take(), { keep: 0, points: [1, 2] });
    assert.equal(view.take(), undefined);
  });

  it('sends only the last bucket again', () => {
    const series = seriesOf(Array.from({ length: 1990 }, (_, i): [number, number] => [i, i % 3]));
    const view = new DecimatedView(series);
    view.take();
    series.append(1990, 5);
    const change = view.take();
    assert.ok(change && change.points.length <= 6 && change.keep > 900, JSON.stringify(change));
  });
});

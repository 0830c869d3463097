import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  describeErrors,
  describeForecast,
  errorCurves,
  errorSpec,
  firstOrigin,
  forecastCurves,
  forecastSpec,
  isContinued,
} from '../../../webview/panel/results/forecastCurves.ts';
import { buildScene } from '../../../webview/charts/scene.ts';

const block = {
  kind: 'forecast' as const,
  title: 'Forecasts of x',
  column: 'x',
  firstRow: 101,
  truth: Array.from({ length: 80 }, (_, t) => t),
  horizon: 3,
  season: null,
  origins: [10, 76, 77, 79].map((at) => ({ at, values: Array.from({ length: 9 }, (_, k) => at + 2 + k) })),
  errors: { model: [1, 1, 3], lastValue: [1.5, 2, 2.5], mean: [20, 20, 20] },
  note: '',
};

describe('a forecast', () => {
  it('begins with the last origin whose forecasts have a truth', () => {
    assert.equal(firstOrigin(block), 1);
    assert.equal(firstOrigin({ ...block, origins: block.origins.slice(2) }), 1);
    assert.ok(isContinued(block));
    assert.ok(!isContinued({ ...block, horizon: 9 }));
  });

  it('is drawn after the last row that was read, over the truth around it', () => {
    const curves = forecastCurves(block, { origin: 0, continued: false, whole: false });
    assert.deepEqual(curves.get('forecast'), { x: [112, 113, 114], y: [12, 13, 14] });
    assert.deepEqual(curves.get('continued')?.x, []);
    assert.deepEqual([curves.get('truth')?.x[0], curves.get('truth')?.x.at(-1)], [101, 131]);
    const all = forecastCurves(block, { origin: 3, continued: true, whole: true });
    assert.deepEqual([all.get('truth')?.x.length, all.get('continued')?.x], [80, [184, 185, 186, 187, 188, 189]]);
  });

  it('has an interval as far as it is known, and the times of its rows', () => {
    const origin = { at: 79, values: [80, 81, 82], low: [79, 79], high: [81, 83] };
    const times = Array.from({ length: 83 }, (_, t) => `day ${t}`);
    const next = { ...block, origins: [origin], errors: undefined, times, interval: [0.1, 0.9] as [number, number] };
    const spec = forecastSpec(next);
    assert.deepEqual([spec.bands?.length, spec.describeX?.(101), spec.describeX?.(183)], [1, 'day 0', 'day 82']);
    const curves = forecastCurves(next, { origin: 0, continued: false, whole: false });
    assert.deepEqual(curves.get('low'), { x: [181, 182], y: [79, 79] });
    assert.deepEqual(curves.get('high')?.y, [81, 83]);
    assert.match(describeForecast(next, { origin: 0, continued: false, whole: false }), /day 80.*day 82/);
    assert.deepEqual(describeErrors(next), []);
    assert.equal(forecastSpec(block).bands, undefined);
  });

  it('has an x axis from its first row to its last', () => {
    const choice = { origin: 0, continued: false, whole: false };
    const spec = forecastSpec(block);
    assert.deepEqual(buildScene(spec, forecastCurves(block, choice), [], spec.defaults)?.x, { min: 101, max: 131 });
    const errors = errorSpec(block);
    assert.deepEqual(buildScene(errors, errorCurves(block), [], errors.defaults)?.x, { min: 1, max: 3 });
  });

  it('is compared with the truth where there is one', () => {
    const said = (origin: number, continued: boolean) => describeForecast(block, { origin, continued, whole: false });
    // The forecast is 1 too high, the last value 1, 2 and 3 too low.
    assert.match(said(0, false), /\b111\b.*\b3\b.*\b1\b.*\b2\.16\b/);
    assert.match(said(2, true), /\b178\b.*\b2\b/);
    assert.match(said(3, true), /\b180\b/);
    assert.doesNotMatch(said(3, true), /NaN/);
  });

  it('counts the steps ahead at which the model is better than every baseline', () => {
    const [better, growth] = describeErrors(block);
    assert.match(better ?? '', /\b2\b.*\b3\b/);
    assert.match(growth ?? '', /\b1\b.*\b3\b/);
    assert.equal(describeErrors({ ...block, season: 12 }).length, 3);
  });

  it('has finite points within the rows for every choice', () => {
    fc.assert(
      fc.property(fc.nat({ max: 3 }), fc.boolean(), fc.boolean(), (origin, continued, whole) => {
        for (const [, { x, y }] of forecastCurves(block, { origin, continued, whole })) {
          assert.equal(x.length, y.length);
          assert.ok(x.every((row) => row >= 101 && row <= 189));
        }
      }),
    );
  });
});

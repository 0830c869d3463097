import assert from 'node:assert/strict';
import { CHARACTERS, derivedMetrics, measuredMetrics, METRICS, seriesName } from '../../../src/protocol/metrics.ts';
import { mapValues } from '../../../webview/charts/points.ts';
import { lossCharts } from '../../../webview/panel/loss/chartSpecs.ts';

describe('the table of metrics', () => {
  const keys = METRICS.map(({ key }) => key);

  it('has each key once', () => assert.equal(new Set(keys).size, keys.length));

  it('derives from measured metrics only, by monotonic maps', () => {
    const measured = new Set<string>(measuredMetrics.map(({ key }) => key));
    for (const { key, from } of derivedMetrics) {
      assert.ok(measured.has(from.metric), key);
      const mapped = [0.5, 1, 2, 4].map((value) => from.map(value));
      const ascending = mapped.toSorted((a, b) => a - b);
      assert.deepEqual(mapped, from.map(1) > from.map(0.5) ? ascending : ascending.toReversed(), key);
    }
  });

  it('contains each line of the charts', () => {
    const drawn = lossCharts(CHARACTERS, { metrics: seriesName.options, fixed: [] }).flatMap((place) =>
      place.flatMap(({ lines }) => lines.map(({ key }) => key)),
    );
    assert.deepEqual(
      drawn.filter((key) => !new Set<string>(keys).has(key)),
      [],
    );
  });

  it('derives curves with gaps at values that are not finite', () => {
    const bits = derivedMetrics.find(({ key }) => key === 'trainBits');
    const perplexity = derivedMetrics.find(({ key }) => key === 'trainPerplexity');
    assert.ok(bits && perplexity);
    assert.deepEqual(mapValues({ x: [1, 2], y: [Math.LN2, null] }, bits.from.map), { x: [1, 2], y: [1, null] });
    assert.deepEqual(mapValues({ x: [1, 2], y: [0, 1e3] }, perplexity.from.map), { x: [1, 2], y: [1, null] });
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { clippedStep, WAYS } from '../../../../webview/course/clipping/clippedStep.ts';
import { spikesOf } from '../../../../webview/course/clipping/spikes.ts';

describe('steps of the clipping lesson', () => {
  it('are scaled by the computed norm', () => {
    assert.deepEqual(clippedStep('none', 8, 2, 0.5), { computed: 8, factor: 1, norm: 8, step: 4 });
    assert.deepEqual(clippedStep('right', 8, 2, 0.5), { computed: 8, factor: 0.25, norm: 2, step: 1 });
    assert.deepEqual(clippedStep('lecture', 8, 2, 0.5), { computed: 64, factor: 0.03125, norm: 0.25, step: 0.125 });
  });

  it('clip a norm below the threshold, if the square root is missing', () => {
    assert.equal(clippedStep('right', 3, 5, 1).step, 3);
    assert.equal(clippedStep('lecture', 3, 5, 1).step, 5 / 3);
  });

  it('never exceed the threshold with the square root, and shrink with the norm without it', () => {
    const size = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(size, size, (norm, threshold) => {
        assert.ok(clippedStep('right', norm, threshold, 1).norm <= threshold * (1 + 1e-12));
        const [small, large] = [norm, 2 * norm].map((each) => clippedStep('lecture', each, threshold, 1));
        if (small && large && small.factor < 1) assert.ok(large.step < small.step);
        for (const way of WAYS) assert.ok(clippedStep(way, norm, threshold, 1).norm <= norm);
      }),
    );
  });
});

describe('spikes of a gradient norm', () => {
  const flat = Array.from({ length: 100 }, () => 1);
  const at = (values: Readonly<Record<number, number | null>>) => ({
    x: flat.map((_, i) => i + 1),
    y: flat.map((value, i) => (i in values ? (values[i] ?? null) : value)),
  });

  it('are more than five times the median before them', () => {
    assert.deepEqual(spikesOf(at({ 40: 5.1, 41: 5, 60: 300 })), { x: [41, 61], y: [5.1, 300] });
  });

  it('need points before them, and leave out what is not finite', () => {
    assert.deepEqual(spikesOf(at({ 3: 1000, 50: null })), { x: [], y: [] });
    assert.deepEqual(spikesOf({ x: [], y: [] }), { x: [], y: [] });
  });

  it('are no spikes once the norm has stayed there', () => {
    const y = [...flat, ...flat.map(() => 100)];
    assert.ok(spikesOf({ x: y.map((_, i) => i), y }).x.length <= 30);
  });
});

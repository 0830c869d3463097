import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fitsAxis, fractionOf, valueAt, type Range, type ScaleKind } from '../../../webview/charts/scale.ts';
import { fitRange, fullRange, pan, withNearMarks, zoom } from '../../../webview/charts/yRange.ts';

const kinds: ScaleKind[] = ['linear', 'logarithmic'];
const falling = Array.from({ length: 1000 }, (_, i) => 1.5 + 2.7 * Math.exp(-i / 150));
const holds = ({ min, max }: Range, value: number) => min <= value && value <= max;

function range(found: Range | null): Range {
  assert.ok(found);
  return found;
}

describe('the full range', () => {
  it('shows every value that the axis can show', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.constantFrom(...kinds), (values, kind) => {
        const shown = values.filter((one) => fitsAxis(one, kind));
        const full = fullRange(values, kind);
        if (shown.length === 0) return assert.equal(full, null);
        assert.ok(range(full).min < range(full).max);
        for (const one of shown) assert.ok(holds(range(full), one));
      }),
    );
  });

  it('has a margin around a single value, but not below zero', () => {
    for (const kind of kinds) assert.ok(Math.abs(fractionOf(4.2, range(fullRange([4.2], kind)), kind) - 0.5) < 1e-9);
    assert.deepEqual(fullRange([0], 'linear'), { min: 0, max: 1 });
    assert.equal(fullRange([0.001, 5], 'linear')?.min, 0);
  });

  it('is null without values that the axis can show', () => {
    assert.equal(fullRange([], 'linear'), null);
    assert.equal(fullRange([0, -1, NaN, Infinity], 'logarithmic'), null);
  });
});

describe('the fitted range', () => {
  it('shows a complete ordinary loss curve', () => {
    for (const kind of kinds) assert.deepEqual(fitRange(falling, kind), fullRange(falling, kind));
  });

  it('omits an early spike', () => {
    const spiked = falling.with(12, 30).with(13, 900);
    for (const kind of kinds) {
      const fit = range(fitRange(spiked, kind));
      assert.ok(!holds(fit, 900));
      assert.ok(holds(fit, falling[0] ?? 0) && holds(fit, falling.at(-1) ?? 0));
    }
    assert.ok(!holds(range(fitRange(spiked, 'linear')), 30));
  });

  it('shows all of a curve that is flat except for a few values', () => {
    const flat = Array.from({ length: 100 }, () => 1).with(3, 0.25);
    assert.deepEqual(fitRange(flat, 'linear'), fullRange(flat, 'linear'));
  });

  it('is null without values', () => {
    assert.equal(fitRange([], 'linear'), null);
  });
});

describe('reference lines', () => {
  const shown = { min: 1, max: 2 };

  it('widen the range if they are near the curves', () => {
    assert.ok(holds(withNearMarks(shown, [2.3], 'linear'), 2.3));
    assert.ok(holds(withNearMarks(shown, [0.7], 'linear'), 0.7));
  });

  it('leave the range unchanged if they are far from the curves or inside it', () => {
    assert.deepEqual(withNearMarks(shown, [4.2, -3, 1.5], 'linear'), shown);
  });
});

describe('zoom and pan', () => {
  const ranges = fc
    .tuple(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), fc.double({ min: 1.01, max: 1e3, noNaN: true }))
    .map(([min, factor]) => ({ min, max: min * factor }));
  const shares = fc.double({ min: 0, max: 1, noNaN: true });

  it('keep the value under the pointer in place', () => {
    fc.assert(
      fc.property(
        ranges,
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        shares,
        fc.constantFrom(...kinds),
        (before, factor, fraction, kind) => {
          const after = zoom(before, factor, fraction, kind);
          assert.ok(Math.abs(fractionOf(valueAt(fraction, before, kind), after, kind) - fraction) < 1e-6);
        },
      ),
    );
  });

  it('are undone by the opposite zoom or pan', () => {
    fc.assert(
      fc.property(
        ranges,
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        shares,
        fc.constantFrom(...kinds),
        (before, factor, fraction, kind) => {
          const zoomed = zoom(zoom(before, factor, fraction, kind), 1 / factor, fraction, kind);
          const moved = pan(pan(before, fraction, kind), -fraction, kind);
          for (const after of [zoomed, moved]) {
            assert.ok(Math.abs(fractionOf(after.min, before, kind)) < 1e-6);
            assert.ok(Math.abs(fractionOf(after.max, before, kind) - 1) < 1e-6);
          }
        },
      ),
    );
  });

  it('stay within the range of a double', () => {
    for (const kind of kinds) {
      for (const factor of [0.1, 10]) {
        let now: Range = { min: 1, max: 2 };
        for (let i = 0; i < 2000; i++) now = pan(zoom(now, factor, 0.3, kind), 0.9, kind);
        assert.ok(Number.isFinite(now.min) && Number.isFinite(now.max) && now.min < now.max);
        assert.ok(kind === 'linear' || now.min > 0);
      }
    }
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { freeCenter, spreadLabels } from '../../../webview/charts/labels.ts';

describe('label positions', () => {
  it('stay the same if no labels overlap', () => {
    assert.deepEqual(spreadLabels([80, 20, 50], 15, 0, 100), [80, 20, 50]);
  });

  it('move apart if labels overlap', () => {
    assert.deepEqual(spreadLabels([50, 52], 15, 0, 100), [50, 65]);
    assert.deepEqual(spreadLabels([99, 99], 15, 0, 100), [77.5, 92.5]);
  });

  it('never overlap, keep their order and stay inside if there is space', () => {
    const wanted = fc.array(fc.double({ min: -50, max: 350, noNaN: true }), { maxLength: 8 });
    fc.assert(
      fc.property(wanted, (centers) => {
        const placed = spreadLabels(centers, 15, 0, 300);
        const order = centers.map((_, i) => i).sort((a, b) => (centers[a] ?? 0) - (centers[b] ?? 0));
        const sorted = order.map((i) => placed[i] ?? NaN);
        sorted.forEach((center, i) => {
          assert.ok(center >= 7.5 - 1e-9 && center <= 292.5 + 1e-9);
          if (i > 0) assert.ok(center - (sorted[i - 1] ?? 0) >= 15 - 1e-9);
        });
      }),
    );
  });
});

describe('the label along a mark', () => {
  it('is in the middle if that is free', () => {
    assert.equal(freeCenter(40, 0, 100, []), 50);
    assert.equal(freeCenter(40, 0, 100, [{ from: 0, to: 20 }]), 50);
  });

  it('moves no further than necessary', () => {
    assert.equal(freeCenter(40, 0, 100, [{ from: 20, to: 40 }]), 60);
    assert.equal(freeCenter(40, 0, 100, [{ from: 60, to: 75 }]), 40);
  });

  it('covers nothing and stays inside the plot if there is space', () => {
    const extent = fc.tuple(fc.integer({ min: 0, max: 150 }), fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(fc.array(extent, { maxLength: 4 }), fc.integer({ min: 10, max: 120 }), (extents, length) => {
        const taken = extents.map(([from, size]) => ({ from, to: from + size }));
        const center = freeCenter(length, 0, 150, taken);
        const [from, to] = [center - length / 2, center + length / 2];
        assert.ok(from >= 0 && to <= 150);
        const covers = taken.some((each) => each.from < to && each.to > from);
        // Only if every position covers something.
        const starts = Array.from({ length: 150 - length + 1 }, (_, start) => start);
        const hasRoom = starts.some((start) => taken.every((each) => each.from >= start + length || each.to <= start));
        assert.equal(covers, !hasRoom);
      }),
    );
  });
});

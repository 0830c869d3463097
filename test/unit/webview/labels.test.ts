import assert from 'node:assert/strict';
import fc from 'fast-check';
import { spreadLabels } from '../../../webview/charts/labels.ts';

describe('labels beside each other', () => {
  it('stay where they are while none covers another', () => {
    assert.deepEqual(spreadLabels([80, 20, 50], 15, 0, 100), [80, 20, 50]);
  });

  it('move apart where they would overlap', () => {
    assert.deepEqual(spreadLabels([50, 52], 15, 0, 100), [50, 65]);
    assert.deepEqual(spreadLabels([99, 99], 15, 0, 100), [77.5, 92.5]);
  });

  it('never overlap, keep their order and stay inside where there is room', () => {
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

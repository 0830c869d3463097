import assert from 'node:assert/strict';
import fc from 'fast-check';
import { slotsFor, threadShare } from '../../../../src/host/runs/slots.ts';

const processors = fc.integer({ min: 1, max: 256 });

describe('slots', () => {
  it('are as many as the setting says, or half of the processors', () => {
    fc.assert(
      fc.property(processors, fc.integer({ min: 1, max: 64 }), (count, wanted) => {
        assert.equal(slotsFor(wanted, count), wanted);
        assert.ok(slotsFor(0, count) >= 2);
        assert.ok(slotsFor(0, count) <= Math.max(2, count / 2));
      }),
    );
  });

  it('share the processors: runs that train together have no more threads than there are processors', () => {
    fc.assert(
      fc.property(processors, processors, fc.integer({ min: 1, max: 64 }), (count, runs, slots) => {
        const share = threadShare(runs, slots, count);
        const together = Math.min(runs, slots);
        assert.equal(share === undefined, together === 1, 'a run alone has all');
        if (share === undefined) return;
        assert.ok(share >= 1 && (share === 1 || share * together <= count));
      }),
    );
  });
});

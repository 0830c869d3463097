import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ArraySizes } from '../../../src/slurm/arraySizes.ts';
import { seeds } from '../../harness/seeds.ts';

describe('sizes of job arrays', () => {
  it('submit all tasks, whatever the limit, with few requests', () => {
    const cases = fc.record({
      largest: fc.integer({ min: 1, max: 5000 }),
      limit: fc.integer({ min: 1, max: 5000 }),
      tasks: fc.integer({ min: 1, max: 5000 }),
    });
    fc.assert(
      fc.property(cases, ({ largest, limit, tasks }) => {
        const sizes = new ArraySizes(largest);
        let [now, left, queued] = [0, tasks, 0];
        for (let requests = 0; left > 0; requests++) {
          assert.ok(requests < 40 * (1 + tasks / Math.min(largest, limit)));
          const size = Math.min(left, sizes.at(now));
          assert.ok(size <= largest);
          if (size === 0) {
            // All that the limit allows is queued; later, it has ended.
            assert.equal(queued, limit);
            [now, queued] = [now + 60_000, 0];
          } else if (queued + size <= limit) {
            [left, queued] = [left - size, queued + size];
            sizes.accepted();
          } else sizes.refused(size, now);
        }
      }),
      seeds(300),
    );
  });
});

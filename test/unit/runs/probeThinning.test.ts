import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { probesToRemove, type KeptProbe, MAX_PROBES } from '../../../src/runs/probeThinning.ts';

/** Probes of a long run: one every 100 steps, every tenth of them complete. */
function probes(count: number): KeptProbe[] {
  return Array.from({ length: count }, (_, index) => ({ step: index * 100, complete: index % 10 === 0 }));
}

function kept(all: readonly KeptProbe[]): KeptProbe[] {
  const gone = probesToRemove(all);
  return all.filter((_, index) => !gone.has(index));
}

describe('thinning probes', () => {
  /** One probe too many: incomplete ones 100 steps apart, and between two of them, `gap` steps apart, a complete one. */
  function crowded(gap: number): KeptProbe[] {
    const before = Array.from({ length: MAX_PROBES / 2 }, (_, index) => ({ step: 100 * index, complete: false }));
    const from = before.at(-1)!.step;
    const after = before.map(({ step }) => ({ step: from + gap + step, complete: false }));
    return [...before, { step: from + gap / 2, complete: true }, ...after];
  }
  const hasComplete = (all: readonly KeptProbe[]): boolean => all.some(({ complete }) => complete);

  it('drops a complete probe only if its neighbors are more than eight times as close as those of the others', () => {
    // The nearest neighbors of an incomplete probe are 100 + gap / 2 steps apart.
    assert.ok(!hasComplete(kept(crowded(12))));
    assert.ok(hasComplete(kept(crowded(14))));
  });

  it('keeps every complete probe of a long run', () => {
    assert.equal(kept(probes(1000)).filter(({ complete }) => complete).length, 100);
  });

  it('keeps at most the limit, and always the first and the last', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(1e6), { minLength: 1, maxLength: 2 * MAX_PROBES }),
        fc.infiniteStream(fc.boolean()),
        (steps, complete) => {
          const all = steps.sort((a, b) => a - b).map((step) => ({ step, complete: complete.next().value === true }));
          const left = kept(all);
          assert.equal(left.length, Math.min(all.length, MAX_PROBES));
          assert.deepEqual([left[0], left.at(-1)], [all[0], all.at(-1)]);
        },
      ),
      { numRuns: 20 },
    );
  });
});

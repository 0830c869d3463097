import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LEVELS, levelRanges, surprisalLevels, unitLevels } from '../../../src/host/decorations/levels.ts';

const levels = fc
  .array(fc.integer({ min: -LEVELS, max: LEVELS }), { maxLength: 60 })
  .map((values) => Int8Array.from(values));

describe('color levels', () => {
  it('are bounded, rise with the value, and are negative below zero', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true }),
        fc.double({ noNaN: true }),
        fc.constantFrom('cellState' as const, 'hidden' as const, 'forget' as const),
        (a, b, activation) => {
          const [low = 0, high = 0] = unitLevels([Math.min(a, b), Math.max(a, b)], activation);
          assert.ok(-LEVELS <= low && low <= high && high <= LEVELS);
          assert.ok(Math.min(a, b) >= 0 ? low >= 0 : low <= 0);
        },
      ),
    );
  });

  it('are zero for an inactive unit and maximal for a saturated one', () => {
    assert.deepEqual([...unitLevels([0, 0.03, 1, -1], 'hidden')], [0, 0, LEVELS, -LEVELS]);
    assert.deepEqual([...unitLevels([8, -8, 0], 'cellState')], [LEVELS, -LEVELS, 0]);
  });

  it('distinguish saturated cell states, and leave those without differences pale', () => {
    const saturated = Array.from({ length: 20 }, (_, i) => -(5 + i));
    const levels = unitLevels(saturated, 'cellState');
    assert.ok(new Set(levels).size >= LEVELS - 1, [...levels].join());
    assert.deepEqual([levels[0], levels.at(-1)], [-1, -LEVELS]);
    assert.ok(unitLevels([30, 30.01, 30.02], 'cellState').every((level) => level > 0 && level <= LEVELS));
    assert.equal(new Set(unitLevels([30, 30.01, 30.02], 'cellState')).size, 1);
    assert.deepEqual([...unitLevels([0.1, -0.5, 1], 'cellState')], [1, -4, LEVELS]);
  });

  it('of surprisal are zero for a certain token and for an unpredicted one', () => {
    assert.deepEqual([...surprisalLevels([null, 0, 3, 6, 60])], [0, 0, LEVELS / 2, LEVELS, LEVELS]);
  });

  it('become ranges that cover each colored token once and join neighbors of the same level', () => {
    fc.assert(
      fc.property(levels, fc.infiniteStream(fc.integer({ min: 1, max: 2 })), (given, widths) => {
        let end = 7;
        const offsets = Array.from(given, () => {
          const start = end;
          end += widths.next().value ?? 1;
          return start;
        });
        const ranges = levelRanges(given, offsets, end);
        given.forEach((level, i) => {
          const start = offsets[i] ?? 0;
          const stop = offsets[i + 1] ?? end;
          const over = ranges.filter((range) => range.start < stop && range.end > start);
          assert.deepEqual(
            over.map((range) => range.level),
            level === 0 ? [] : [level],
          );
        });
        ranges.slice(1).forEach((range, i) => {
          const before = ranges[i];
          assert.ok(before && (before.end < range.start || before.level !== range.level));
        });
      }),
    );
  });
});

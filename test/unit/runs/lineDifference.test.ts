import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changedLines } from '../../../src/runs/lineDifference.ts';

/** Length of the longest common subsequence, by the quadratic recurrence. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const next = [0];
    for (let j = 0; j < b.length; j++) next.push(line === b[j] ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!));
    row = next;
  }
  return row[b.length]!;
}

const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 30 });
const text = (of: readonly string[]) => of.map((line) => `${line}\n`).join('');

describe('changed lines', () => {
  it('are those outside of a longest common subsequence', () => {
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const common = longestCommon(a, b);
        const expected = { removed: a.length - common, added: b.length - common, exact: true };
        assert.deepEqual(changedLines(text(a), text(b)), expected);
      }),
      { numRuns: 500 },
    );
  });

  it('have lower bounds for texts with too many moved lines', () => {
    fc.assert(
      fc.property(lines, lines, fc.integer({ min: 0, max: 8 }), (a, b, most) => {
        const [bound, whole] = [changedLines(text(a), text(b), most), changedLines(text(a), text(b))];
        if (bound.exact) assert.deepEqual(bound, whole);
        assert.ok(bound.removed >= 0 && bound.removed <= whole.removed);
        assert.equal(bound.added - bound.removed, b.length - a.length);
      }),
    );
  });

  it('do not depend on line ends or on a line end at the end', () => {
    assert.deepEqual(changedLines('a\nb\nc', 'a\r\nb\rc\n'), { removed: 0, added: 0, exact: true });
    assert.deepEqual(changedLines('', 'a\n'), { removed: 0, added: 1, exact: true });
  });

  it('of long texts without a common line are counted at once', () => {
    const long = (name: string) => text(Array.from({ length: 20_000 }, (_, line) => `${name} ${line}`));
    assert.deepEqual(changedLines(long('a'), long('b')), { removed: 20_000, added: 20_000, exact: true });
  });
});

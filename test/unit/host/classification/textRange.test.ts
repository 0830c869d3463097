import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { shiftOf, trimmed } from '../../../../src/host/classification/textRange.ts';

/** Distinct letters, which identify their origin. */
const text = fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom('a', 'b', ' ', '\n') });

/** A text, a range in it and a change of it. */
const changed = text.chain((before) =>
  fc.record({
    before: fc.constant(before),
    range: fc.tuple(fc.nat(before.length), fc.nat(before.length)),
    replaced: fc.tuple(fc.nat(before.length), fc.nat(before.length)),
    inserted: fc.string({ maxLength: 5 }),
  }),
);

describe('range of a changing document', () => {
  it('moves with its text, and is dropped only if a change touches it', () => {
    fc.assert(
      fc.property(changed, ({ before, range: [a, b], replaced: [c, d], inserted }) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        const [from, to] = [Math.min(c, d), Math.max(c, d)];
        const after = before.slice(0, from) + inserted + before.slice(to);
        const shift = shiftOf({ start, end }, { rangeOffset: from, rangeLength: to - from, text: inserted });
        if (shift === undefined) assert.ok(from <= end && start <= to);
        else assert.equal(after.slice(start + shift, end + shift), before.slice(start, end));
      }),
    );
  });

  it('loses only white space at its ends when trimmed', () => {
    fc.assert(
      fc.property(text, fc.nat(100), (inner, start) => {
        const range = trimmed({ start, end: start + inner.length }, inner);
        if (!range) assert.equal(inner.trim(), '');
        else assert.equal(inner.slice(range.start - start, range.end - start), inner.trim());
      }),
    );
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  sourceOffsets,
  WARM_UP,
  windowAround,
  windowOf,
  type SliceableText,
} from '../../../src/host/inspection/textWindow.ts';

/** Texts with surrogate pairs and CRLF, which could be split. */
const texts = (end: '\n' | '\r\n') =>
  fc
    .array(fc.constantFrom('a', 'é', '\u{1f642}', '\u{1f468}\u200d', end), { maxLength: 60 })
    .map((parts) => parts.join(''));

const sourceOf = (text: string, crlf = false): SliceableText => ({
  length: text.length,
  crlf,
  slice: (start, end) => text.slice(start, end),
});

describe('text window', () => {
  it('has offsets that match the text', () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom('\n' as const, '\r\n' as const)
          .chain((end) => texts(end).map((text) => ({ text, crlf: end === '\r\n' }))),
        fc.nat(60),
        fc.nat(60),
        ({ text, crlf }, a, b) => {
          const [start = 0, end = 0] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y);
          const window = windowOf(sourceOf(text, crlf), start, end);
          assert.ok(!window.text.includes('\r'));
          const characters = Array.from(window.text);
          let offset = 0;
          const offsets = characters.map((character) => (offset += character.length) - character.length);
          sourceOffsets(window, offsets).forEach((at, i) => {
            const character = characters[i] ?? '';
            assert.ok(
              text.startsWith(crlf && character === '\n' ? '\r\n' : character, at),
              `${JSON.stringify(character)} at ${at}`,
            );
            assert.doesNotMatch(character, /^[\udc00-\udfff]/, 'no split surrogate pair');
          });
          const [first = 0] = sourceOffsets(window, [window.from]);
          assert.ok(first === start || first === start - 1);
        },
      ),
    );
  });

  it('has half of its characters before the cursor, and its full length near either end', () => {
    const source = sourceOf('x'.repeat(5000));
    for (const [cursor, from, length] of [
      [2500, 2450, 100],
      [10, 0, 100],
      [5000, 4900, 100],
      [4990, 4900, 100],
    ] as const) {
      const window = windowAround(source, cursor, 100);
      assert.equal(window.start + window.from, from);
      assert.equal(window.text.length - window.from, length);
      assert.equal(window.from, Math.min(from, WARM_UP));
    }
    assert.equal(windowAround(sourceOf('short'), 3, 100).text, 'short');
  });
});

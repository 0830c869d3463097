import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stopStrings } from '../../../src/config/drawing.ts';
import { cutAtStop, untilStop } from '../../../src/training/stopStrings.ts';

/** A short text of few letters, in which stop strings are likely. */
const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 12 });
const stop = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 1, maxLength: 4 });

describe('stop strings', () => {
  const collect = async (pieces: readonly string[], stops: readonly string[]) => {
    const passed: string[] = [];
    const read = { count: 0 };
    async function* written() {
      for (const text of pieces) {
        read.count++;
        yield { text };
      }
    }
    for await (const { text } of untilStop(written(), stops)) passed.push(text);
    return { passed, read: read.count };
  };

  it('end a text before the first of them, however it is written in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(letters, { maxLength: 8 }), fc.array(stop, { maxLength: 3 }), async (pieces, stops) => {
        const text = pieces.join('');
        // The shortest beginning of the text that has a stop string, without the longest one at its end.
        const ends = Array.from({ length: text.length + 1 }, (_, end) => text.slice(0, end));
        const first = ends.find((each) => stops.some((stopped) => each.endsWith(stopped)));
        const lengths = stops.filter((each) => first?.endsWith(each) === true).map((each) => each.length);
        const wanted = first === undefined ? text : first.slice(0, first.length - Math.max(...lengths));
        const { passed } = await collect(pieces, stops);
        assert.equal(passed.join(''), wanted);
        const cut = cutAtStop(
          pieces.map((each) => ({ text: each })),
          stops,
        );
        assert.equal(cut.map((each) => each.text).join(''), wanted);
      }),
    );
  });

  it('end it at the one that is complete first', async () => {
    for (const pieces of [['abab'], ['ab', 'ab'], ['a', 'b', 'ab']]) {
      assert.equal((await collect(pieces, ['b', 'abab'])).passed.join(''), 'a', pieces.join());
      assert.equal((await collect(pieces, ['b', 'ab'])).passed.join(''), '', pieces.join());
    }
  });

  it('end the writing, too', async () => {
    const { passed, read } = await collect(['ab', 'ca', 'b', 'never'], ['ab', 'x']);
    assert.deepEqual([passed, read], [[], 1]);
    assert.deepEqual(await collect(['a', 'aa', 'b', 'never'], ['aab']), { passed: ['a'], read: 3 });
  });

  it('are written one per line, with line breaks, tabs and backslashes escaped', () => {
    assert.deepEqual(stopStrings(''), []);
    assert.deepEqual(stopStrings('\\n\\n\nEND\n\n\\\\n\n\\t'), ['\n\n', 'END', '\\n', '\t']);
  });
});

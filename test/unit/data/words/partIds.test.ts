import assert from 'node:assert/strict';
import fc from 'fast-check';
import { piecesOf, piecesOfPart } from '../../../../src/data/words/pieces.ts';
import { WordEncoder } from '../../../../src/data/words/wordEncoder.ts';
import { splitTokens } from '../../../../src/data/words/wordSplitter.ts';

/** Texts of short words with everything that may join or separate them. */
const text = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom('a', 'It', "don't", 'l’eau', 'word.', '(so)', '3,5', 'x_1', '"a."', '...', 'über'),
      },
      { weight: 6, arbitrary: fc.constantFrom(' ', '\n', ' ', ' ') },
      fc.constantFrom(
        '  ',
        '\t',
        '\r',
        '\u00a0',
        '\u3000',
        '\u2003',
        '\u200b',
        '\u200d',
        '\u0301',
        '\ufe0f',
        '\u0000',
        '\u001f',
      ),
      fc.constantFrom('日本語', 'ไทย', 'ﾞ', 'क्षि', '한', 'א"ב', '👍🏽', '🇩🇪', '🇫', '\ud800', '\udc00'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

/** Forms of the tokens of a text, one token after another. */
function formsOneByOne(text: string): string[] {
  const forms: string[] = [];
  splitTokens(text, true, (form) => forms.push(form));
  return forms;
}

describe('ids of the parts of a text', () => {
  it('are those of its tokens one by one, for any text in any chunks, and in the same order of appearance', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), (chunks) => {
        const known = new Map<string, number>();
        const encoder = new WordEncoder(
          (form) => known.get(form) ?? (known.set(form, known.size + 1), known.size),
          () => known.size + 1,
        );
        const ids = [...chunks, ...chunks].flatMap((chunk) => [...encoder.encode(chunk)]);
        ids.push(...encoder.end());
        const forms = formsOneByOne([...chunks, ...chunks].join(''));
        const tokens = [...known.keys()];
        assert.deepEqual(
          ids.map((id) => tokens[id - 1]),
          forms,
        );
        assert.deepEqual(tokens, [...new Set(forms)]);
      }),
      { numRuns: 500 },
    );
  });

  it('do not depend on the characters at the edges of a part', () => {
    for (let first = 0x21; first < 0x10000; first += 0x100) {
      const characters = Array.from({ length: 0x100 }, (_, at) => String.fromCharCode(first + at));
      const lines = characters.map(
        (character) => `${character}a ${character} b${character} a\n${character} ${character}a`,
      );
      const encoder = new WordEncoder(
        (form) => forms.push(form),
        () => 2 ** 30,
      );
      const forms: string[] = [];
      const block = lines.join('\n');
      encoder.encode(block);
      encoder.end();
      assert.deepEqual(new Set(forms), new Set(formsOneByOne(block)));
    }
  });

  it('are those of more parts than are remembered at first', () => {
    const line = Array.from({ length: 20_000 }, (_, at) => `w${at} w${at % 100}.`).join(' ');
    const known = new Map<string, number>();
    const encoder = new WordEncoder(
      (form) => known.get(form) ?? (known.set(form, known.size), known.size - 1),
      () => known.size,
    );
    const ids = [...encoder.encode(`${line}\n`), ...encoder.end()];
    const tokens = [...known.keys()];
    assert.deepEqual(
      ids.map((id) => tokens[id]),
      formsOneByOne(`${line}\n`),
    );
  });

  it('of a plain part need no segmenter', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aZstn09.,!?;:)]"([\'-_/<&@'), minLength: 1 }), (part) =>
        assert.deepEqual(piecesOfPart(part), piecesOf(` ${part}`, 'word')),
      ),
      { numRuns: 500 },
    );
    for (const part of ["a'a0a", "don't42", "can't9s", "x'y'z1"])
      assert.deepEqual(piecesOfPart(part), piecesOf(` ${part}`, 'word'), part);
  });
});

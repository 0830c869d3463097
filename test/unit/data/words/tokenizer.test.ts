import assert from 'node:assert/strict';
import fc from 'fast-check';
import { tokenizeWords } from '../../../../src/data/words/tokenizer.ts';
import { anyText } from '../helpers.ts';

const forms = (text: string): string =>
  tokenizeWords(text)
    .map(({ form }) => form)
    .join(' ');

describe('word tokenizer', () => {
  const cases: [text: string, words: string][] = [
    ["It isn't good, it CAN'T be.", 'it is not good , it can not be .'],
    ["I won't, shan't, ain't, didn’t", 'i will not , shall not , is not , did not'],
    ['cannot dont doesnt wont', 'can not do not does not will not'],
    ["they're I'm we've she'll he'd've John's", "they are i am we have she will he would have john 's"],
    ['a well-made, tongue-in-cheek film', 'a well made , tongue in cheek film'],
    ['wait - what -- no — yes…', 'wait -- what -- no -- yes ...'],
    ['hm. . . well.... ok.', 'hm ... well ... ok .'],
    ['Café NAÏVE déjà', 'cafe naive deja'],
    ["“quoted” ``old`` 'single'", `" quoted " " old " ' single '`],
    ["O'Brien rock'n'roll", 'o brien rock n roll'],
    ['10/10 :) 5-star', '10 / 10 : ) 5 star'],
    ['-lrb- aside -rrb-', '-- ( -- aside -- ) --'],
    ['好吃 🙂', '好吃 🙂'],
    ['', ''],
    [' \n\t ', ''],
    ["\u0301 \u0301'\u0301", ''],
  ];
  for (const [text, words] of cases) {
    it(`reads ${JSON.stringify(text)}`, () => assert.equal(forms(text), words));
  }

  it('reads tokenized text like the original text', () => {
    for (const [tokenized, text] of [
      ["it 's not bad , but i ca n't say it is n't long .", "It's not bad, but I can't say it isn't long."],
      ["we wo n't . . . they 're late", "We won't... They're late"],
    ] as const) {
      assert.equal(forms(tokenized), forms(text));
    }
  });

  it('returns ordered, disjoint ranges of the text for the words', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText({ maxLength: 60 }),
          fc.string({ unit: fc.constantFrom(...`ab'’nt .-éA\u0301 `), maxLength: 40 }),
        ),
        (text) => {
          let end = 0;
          for (const word of tokenizeWords(text)) {
            assert.ok(
              word.form !== '' && word.start >= end && word.end > word.start && word.end <= text.length,
              JSON.stringify(word),
            );
            assert.doesNotMatch(text.slice(word.start, word.end), /^\s|\s$/);
            end = word.end;
          }
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });

  it('only drops white space, accents, apostrophes and hyphens between letters', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 60 }), (text) => {
        const rest = [...tokenizeWords(text)]
          .reverse()
          .reduce((left, { start, end }) => left.slice(0, start) + left.slice(end), text);
        assert.match(rest, /^[\s\p{M}'’\-‐‑]*$/u);
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('reads upper and lower case in the same way', () => {
    const text = fc.string({ unit: fc.constantFrom(..."abnt'. -"), maxLength: 30 });
    fc.assert(fc.property(text, (lower) => assert.equal(forms(lower.toUpperCase()), forms(lower))));
  });

  it('is fast for a word of a million letters', () => {
    assert.equal(tokenizeWords('x'.repeat(1e6)).length, 1);
    assert.equal(tokenizeWords("'".repeat(1e5)).length > 0, true);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { tokenizeWords } from '../../../../src/data/words/tokenizer.ts';
import { unicodeWords, wordRanges } from '../../../../src/data/words/unicodeWords.ts';
import { anyText } from '../helpers.ts';

const choices = { lowerCase: true, stripAccents: false };
const formsOf = (text: string, changed: Partial<typeof choices> = {}): string[] =>
  unicodeWords(text, { ...choices, ...changed }).map(({ form }) => form);

/** Signs of many scripts, joiners, marks, emoji and their modifiers, and what stands between words. */
const signs = [
  ...'aB1éßσΣйЁ',
  ...'दिानी्',
  ...'กำ้สวัดี',
  ...'ກໍ',
  ...'ខ្មែរ',
  ...'မြန်',
  ...'最高でカー々한ᄀ',
  ...'مرحَب',
  ...'שָ',
  ...'👩🏽🇩🇪❤1',
  ...['\u200D', '\u200C', '\uFE0F', '\u20E3', '\u0301', '\u00AD', '\u200B', '\u200F', '\u0D4E', '\u0600'],
  ..." .,-'’#@:/_",
];
const text = fc.oneof(anyText({ maxLength: 40 }), fc.string({ unit: fc.constantFrom(...signs), maxLength: 30 }));
const numRuns = 1000;

describe('words of every script', () => {
  const cases: Readonly<Record<string, string>> = {
    'दिन दान की-का': 'दिन दान की का',
    '最高の接客でした。': '最高 の 接客 で した 。',
    สวัสดีครับ: 'สวัสดี ครับ',
    ສະບາຍດີເພື່ອນ: 'ສະບາຍດີ ເພື່ອນ',
    ខ្ញុំស្រឡាញ់ភាសាខ្មែរ: 'ខ្ញុំ ស្រឡាញ់ ភាសាខ្មែរ',
    မြန်မာစကား: 'မြန်မာ စကား',
    'می\u200Cخواهم': 'می\u200Cخواهم',
    'ക\u0D4D\u200D പ': 'ക\u0D4D\u200D പ',
    'co\u00ADop \u200Ffine\u200C': 'coop fine',
    'Cafe\u0301 TIẾNG': 'café tiếng',
    "It isn't good, it CAN'T be.": 'it is not good , it can not be .',
    "it 's . . . l’homme O'Brien": "it 's ... l homme o brien",
    'a well-made film - 10/10': 'a well made film -- 10 / 10',
    '3.14 of 1,000.50, 5.': '3.14 of 1,000.50 , 5 .',
    'see https://a.org/b?c=d, www.e.org or mail f.g@h.co.uk.':
      'see https://a.org/b?c=d , www.e.org or mail f.g@h.co.uk .',
    '#LSTM #我爱你 @you C# #1': '#lstm #我爱你 @you c # # 1',
    '👨‍👩‍👧‍👦🇩🇪🇫🇷👍🏽': '👨‍👩‍👧‍👦 🇩🇪 🇫🇷 👍🏽',
    '❤️❤ 1️⃣': '❤ ❤ 1\u20E3',
    '\u0301 \u200D': '',
  };
  for (const [written, words] of Object.entries(cases))
    it(`are read in ${JSON.stringify(written)}`, () => assert.equal(formsOf(written).join(' '), words));

  it('keep their case and lose their accents if so chosen', () => {
    assert.deepEqual(formsOf("Can't Müller’s ἀρχή й दी", { lowerCase: false, stripAccents: true }), [
      ...['Can', 'not', 'Muller', "'s", 'αρχη', 'й', 'दी'],
    ]);
  });

  it('are those of the bundled classifier for English text without numbers, addresses and accents', () => {
    const english = fc.string({ unit: fc.constantFrom(...`abntsSID'’ .-!?"“(`), maxLength: 40 });
    fc.assert(
      fc.property(english, (written) => assert.deepEqual(unicodeWords(written, choices), tokenizeWords(written))),
      { numRuns, seed: 3 },
    );
  });

  it('are in order and cover the text but for white space, hyphens, apostrophes and what is invisible', () => {
    fc.assert(
      fc.property(text, (written) => {
        let end = 0;
        let rest = '';
        for (const word of unicodeWords(written, choices)) {
          assert.ok(word.form !== '' && word.start >= end && word.end > word.start);
          rest += written.slice(end, word.start);
          end = word.end;
        }
        assert.match(rest + written.slice(end), /^[\s\p{M}\p{Cf}'’\-‐‑]*$/u);
      }),
      { numRuns, seed: 1 },
    );
  });

  it('never split a grapheme cluster', () => {
    const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
    fc.assert(
      fc.property(text, (written) => {
        const boundaries = new Set(Array.from(graphemes.segment(written), ({ index }) => index)).add(written.length);
        for (const { start, end } of [...unicodeWords(written, choices), ...wordRanges(written)]) {
          // A sign that belongs to the next one, before white space, is a token without it.
          assert.ok(
            boundaries.has(end) || /^\s/u.test(written.slice(end)),
            `${start}-${end} of ${JSON.stringify(written)}`,
          );
        }
      }),
      { numRuns, seed: 2 },
    );
  });

  it('have forms that are normalized, and stay the same when they are normalized again', () => {
    fc.assert(
      fc.property(text, fc.boolean(), (written, stripAccents) => {
        for (const form of formsOf(written, { stripAccents })) {
          assert.equal(form, form.normalize('NFC'));
          const again = formsOf(form, { stripAccents });
          if (again.length === 1) assert.equal(again[0], form);
        }
      }),
      { numRuns, seed: 4 },
    );
  });

  it('are the same for composed and decomposed text', () => {
    const accented = fc.string({ unit: fc.constantFrom(...'aéüñçậńя й한.'), maxLength: 20 });
    fc.assert(
      fc.property(accented, (written) => assert.deepEqual(formsOf(written.normalize('NFD')), formsOf(written))),
      { numRuns: 300, seed: 5 },
    );
  });

  it('do not take longer than linear time', () => {
    for (const unit of ['a', 'a.', "a'", '@', '#1', 'د\u200C', '最', '👍🏽', 'a@'])
      assert.ok(formsOf(unit.repeat(100_000)).length > 0);
  });
});

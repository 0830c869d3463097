import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ngrams } from '../../../../src/data/words/ngrams.ts';
import { segments, wordsOf } from '../../../../src/data/words/segments.ts';
import { anyText } from '../helpers.ts';

describe('tokens', () => {
  for (const granularity of ['character', 'word'] as const) {
    it(`by ${granularity}: add up to the text, for any text`, () => {
      fc.assert(
        fc.property(anyText({ maxLength: 60 }), (text) => {
          const tokens = segments(text, granularity);
          assert.equal(tokens.join(''), text);
        }),
      );
    });
  }

  it('by word: separate words, white space and punctuation', () => {
    assert.deepEqual(segments("I can't, 3.5 times.", 'word'), ['I', ' ', "can't", ',', ' ', '3.5', ' ', 'times', '.']);
    assert.deepEqual(wordsOf("I can't, 3.5 times."), ['i', "can't", '3.5', 'times']);
  });

  it('form n-grams of neighbors', () => {
    assert.deepEqual(ngrams(['not', 'so', 'good'], { shortest: 1, longest: 2 }, ' '), [
      'not',
      'so',
      'good',
      'not so',
      'so good',
    ]);
    assert.deepEqual(ngrams([...'abc'], { shortest: 2, longest: 5 }, ''), ['ab', 'bc', 'abc']);
    assert.deepEqual(ngrams([], { shortest: 1, longest: 3 }, ''), []);
  });
});

import assert from 'node:assert/strict';
import { bleu } from '../../../src/training/pairs/bleu.ts';

const words = (text: string) => text.split(' ');

describe('BLEU', () => {
  it('is 1 for the references themselves and 0 if no 4-gram matches', () => {
    const texts = ['the cat sat on the mat', 'it rained all day'].map(words);
    assert.ok(Math.abs(bleu(texts, texts) - 1) < 1e-12);
    assert.equal(bleu([words('the cat lay on a mat')], [words('the cat sat on the mat')]), 0);
    assert.equal(bleu([[]], [words('a')]), 0);
  });

  it('clips n-gram counts to those of the reference, and penalizes short translations', () => {
    // Matching n-grams: 6 of 7, 5 of 6, 4 of 5, 3 of 4; the second "the" at the end is clipped.
    const long = bleu([words('the cat sat on the mat the')], [words('the cat sat on the mat')]);
    assert.ok(Math.abs(long - ((6 / 7) * (5 / 6) * (4 / 5) * (3 / 4)) ** (1 / 4)) < 1e-12);
    const short = bleu([words('the cat sat on')], [words('the cat sat on the mat')]);
    assert.ok(Math.abs(short - Math.exp(1 - 6 / 4)) < 1e-12);
  });
});

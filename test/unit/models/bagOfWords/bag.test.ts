import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bagOfWords } from '../../../../src/models/bagOfWords/bag.ts';
import { dense } from '../../../oracle/dense.ts';
import { TfIdf } from '../../../../src/models/bagOfWords/tfIdf.ts';

/**
 * "The sun is shining", "The weather is sweet" and "The sun is shining, the weather is sweet, and one and one is two".
 */
const sentences = [
  [7, 5, 2, 4],
  [7, 9, 2, 6],
  [7, 5, 2, 4, 7, 9, 2, 6, 1, 3, 1, 3, 2, 8],
];
const PADDING = 10;
const WORDS = 9;

describe('bag of words', () => {
  it('counts the words of the three sentences, but not padding or unknown words', () => {
    const padded = sentences.map((ids) => [...ids, 0, ...Array<number>(14 - ids.length).fill(PADDING)]);
    assert.deepEqual(
      padded.map((ids) => [...dense(bagOfWords(ids, WORDS), WORDS)]),
      [
        [0, 1, 0, 1, 1, 0, 1, 0, 0],
        [0, 1, 0, 0, 0, 1, 1, 0, 1],
        [2, 3, 2, 1, 1, 1, 2, 1, 1],
      ],
    );
  });

  it('is the same in any order of the words, and its counts are their number', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: WORDS })), (ids) => {
        const bag = bagOfWords(ids, WORDS);
        assert.deepEqual(bagOfWords(ids.toSorted(), WORDS), bag);
        assert.deepEqual(bag.columns.toSorted(), bag.columns);
        assert.equal(
          bag.values.reduce((sum, count) => sum + count, 0),
          ids.length,
        );
      }),
    );
  });

  it('does not distinguish sentences that differ only in word order', () => {
    const words = 'the movie my friend has not seen is good'.split(' ');
    const ids = (sentence: string): number[] => sentence.split(' ').map((word) => 1 + words.indexOf(word));
    const [good, notGood] = [
      'the movie my friend has not seen is good',
      'the movie my friend has seen is not good',
    ].map(ids);
    assert.notDeepEqual(good, notGood);
    assert.deepEqual(bagOfWords(good ?? [], words.length), bagOfWords(notGood ?? [], words.length));
  });
});

describe('tf-idf', () => {
  it('agrees with scikit-learn on the three sentences', () => {
    const bags = sentences.map((ids) => bagOfWords(ids, WORDS));
    const tfIdf = TfIdf.fit(bags, WORDS);
    const rounded = bags.map((bag) =>
      Array.from(dense(tfIdf.transform(bag), WORDS), (value) => Math.round(100 * value) / 100),
    );
    assert.deepEqual(rounded, [
      [0, 0.43, 0, 0.56, 0.56, 0, 0.43, 0, 0],
      [0, 0.43, 0, 0, 0, 0.56, 0.43, 0, 0.56],
      [0.5, 0.45, 0.5, 0.19, 0.19, 0.19, 0.3, 0.25, 0.19],
    ]);
  });

  it('returns unit vectors, and an empty vector for an empty bag', () => {
    const tfIdf = TfIdf.fit([], WORDS);
    const { values } = tfIdf.transform(bagOfWords([3, 3, 1], WORDS));
    assert.ok(Math.abs(Math.hypot(...values) - 1) < 1e-12);
    assert.equal(tfIdf.transform(bagOfWords([], WORDS)).values.length, 0);
  });
});

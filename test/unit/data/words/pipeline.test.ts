import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { countWords, vocabularyOf } from '../../../../src/data/words/frequentWords.ts';
import { oneHot, wordPipeline } from '../../../../src/data/words/pipeline.ts';
import { segments } from '../../../../src/data/words/segments.ts';
import { bagOfWords } from '../../../../src/models/bagOfWords/bag.ts';
import { dense } from '../../../oracle/dense.ts';
import { anyText } from '../helpers.ts';

const sentences = [
  'The sun is shining',
  'The weather is sweet',
  'The sun is shining, the weather is sweet, and one and one is two',
];

describe('word pipeline on the three sentences', () => {
  const { vocabulary, ids, timeSteps, padded } = wordPipeline(sentences);

  it('assigns ids in vocabulary order', () => {
    assert.deepEqual(vocabulary.words, [
      '<unk>',
      'and',
      'is',
      'one',
      'shining',
      'sun',
      'sweet',
      'the',
      'two',
      'weather',
      '<pad>',
    ]);
  });

  it('encodes the sentences and pads shorter ones at the end', () => {
    const [first, second, third] = [
      [7, 5, 2, 4],
      [7, 9, 2, 6],
      [7, 5, 2, 4, 7, 9, 2, 6, 1, 3, 1, 3, 2, 8],
    ];
    assert.deepEqual(
      ids.map((row) => [...row]),
      [first, second, third],
    );
    assert.equal(timeSteps, 14);
    const fill = Array<number>(10).fill(10);
    assert.deepEqual([...padded], [...(first ?? []), ...fill, ...(second ?? []), ...fill, ...(third ?? [])]);
  });

  it('counts the bag of words of the course', () => {
    assert.deepEqual(
      ids.map((row) => [...dense(bagOfWords(row, vocabulary.size - 2), vocabulary.size - 2)]),
      [
        [0, 1, 0, 1, 1, 0, 1, 0, 0],
        [0, 1, 0, 0, 0, 1, 1, 0, 1],
        [2, 3, 2, 1, 1, 1, 2, 1, 1],
      ],
    );
  });

  it('has one-hot vectors whose product with the embedding matrix is the row of a lookup', () => {
    tf.tidy(() => {
      const embeddings = tf.randomNormal([vocabulary.size, 3], 0, 1, 'float32', 1) as tf.Tensor2D;
      const product = tf.matMul(
        tf.tensor2d(oneHot(padded, vocabulary.size), [padded.length, vocabulary.size]),
        embeddings,
      );
      assert.deepEqual(product.dataSync(), tf.gather(embeddings, tf.tensor1d(padded, 'int32')).dataSync());
    });
  });
});

describe('word pipeline', () => {
  it('reads a word that is not in the vocabulary as <unk>', () => {
    const { vocabulary, ids } = wordPipeline(['a a b b c', 'd'], { minCount: 2 });
    assert.deepEqual(vocabulary.words, ['<unk>', 'a', 'b', '<pad>']);
    assert.deepEqual(
      ids.map((row) => [...row]),
      [[1, 1, 2, 2, 0], [0]],
    );
  });

  it('accepts no text, empty texts and texts without words', () => {
    assert.equal(wordPipeline([]).padded.length, 0);
    const { vocabulary, timeSteps, padded } = wordPipeline(['', ', !', 'one']);
    assert.deepEqual([...padded], [vocabulary.paddingId, vocabulary.paddingId, 1]);
    assert.equal(timeSteps, 1);
  });

  it('has a single 1 in a one-hot vector, and rejects an id outside of it', () => {
    assert.deepEqual([...oneHot([2, 0], 3)], [0, 0, 1, 1, 0, 0]);
    assert.throws(() => oneHot([3], 3), RangeError);
  });
});

describe('vocabulary of frequent words', () => {
  const word = fc.constantFrom('a', 'b', 'c', 'd', 'é', '<unk>', '<pad>');
  const texts = fc.array(fc.array(word), { maxLength: 5 });

  it('contains the sorted frequent words, up to the maximum number', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 4 }), fc.nat(6), (some, minCount, maxSize) => {
        const counts = countWords(some);
        const { words } = vocabularyOf(counts, { minCount, maxSize });
        const kept = words.slice(1, -1);
        assert.deepEqual(kept, kept.toSorted());
        const enough = [...counts].filter(([candidate, count]) => count >= minCount && !candidate.startsWith('<'));
        assert.equal(kept.length, Math.min(maxSize, enough.length));
        const least = Math.min(...kept.map((one) => counts.get(one) ?? 0));
        for (const [left, count] of enough) if (!kept.includes(left)) assert.ok(count <= least);
      }),
    );
  });

  it('does not depend on the order of the texts', () => {
    fc.assert(
      fc.property(texts, fc.nat(4), (some, maxSize) => {
        const of = (ordered: string[][]) => vocabularyOf(countWords(ordered), { maxSize }).words;
        assert.deepEqual(of(some.toReversed()), of(some));
      }),
    );
  });
});

describe('vocabulary of the segments of a text', () => {
  for (const granularity of ['character', 'word'] as const) {
    it(`by ${granularity}: decodes the encoded text exactly, for any text`, () => {
      fc.assert(
        fc.property(anyText({ maxLength: 60 }), (text) => {
          const tokens = segments(text, granularity);
          const vocabulary = vocabularyOf(countWords([tokens]));
          const ids = tokens.map((token) => vocabulary.idOf(token));
          assert.equal(vocabulary.decode(ids).join(''), text);
        }),
      );
    });
  }
});

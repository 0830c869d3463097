import assert from 'node:assert/strict';
import fc from 'fast-check';
import { tagBatch } from '../../../../src/data/tagged/tagBatch.ts';
import { TagWords } from '../../../../src/data/tagged/tagWords.ts';
import { seeds } from '../../../harness/seeds.ts';

const ending = (word: string): string[] => ['any', `ends in ${word.slice(-2)}`];
const counts = new Map([
  ...Array.from({ length: 4 }, (_, i): [string, number] => [`w${i}ing`, 1]),
  ['cat', 5],
  ['sat', 5],
  ['<pad>', 9],
]);

describe('vocabulary of a tagger', () => {
  const words = TagWords.of(counts, ending, { minimumCount: 2, maximumVocabulary: 10 });

  it('contains frequent words, and classes of rare ones', () => {
    assert.deepEqual(words.vocabulary.words, ['<unk>', 'cat', 'sat', '<any>', '<ends in ng>', '<pad>']);
  });

  it('finds words as written, in lower case, by their most specific class, or by the most general', () => {
    assert.deepEqual([...words.encode(['cat', 'Cat', 'singing', 'dog'])], [1, 1, 4, 3]);
  });

  it('keeps the most frequent words if there are too many', () => {
    const few = TagWords.of(
      new Map([
        ['a', 1],
        ['b', 3],
        ['c', 2],
      ]),
      () => [],
      { minimumCount: 1, maximumVocabulary: 2 },
    );
    assert.deepEqual(few.vocabulary.words, ['<unk>', 'b', 'c', '<pad>']);
  });
});

describe('batches of tagged sentences', () => {
  it('contain every word and tag, and padding with weight 0', () => {
    const sentence = fc.array(fc.tuple(fc.nat(9), fc.nat(4)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(sentence, { minLength: 1, maxLength: 5 }), (sentences) => {
        const batch = tagBatch(
          sentences.map((each) => ({
            ids: Int32Array.from(each, ([id]) => id),
            tags: Int32Array.from(each, ([, tag]) => tag),
          })),
          10,
        );
        assert.equal(batch.words, sentences.flat().length);
        sentences.forEach((each, b) => {
          for (let t = 0; t < batch.timeSteps; t++) {
            const at = t * batch.batch + b;
            const found = [batch.ids[at], batch.tags[at], batch.weights[at]];
            const pair = each[t];
            assert.deepEqual(found, pair ? [...pair, 1] : [10, 0, 0]);
          }
        });
      }),
      seeds(100),
    );
  });
});

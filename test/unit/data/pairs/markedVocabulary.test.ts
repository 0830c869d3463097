import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MarkedVocabulary } from '../../../../src/data/pairs/markedVocabulary.ts';
import { teacherForced } from '../../../../src/data/pairs/pairBatches.ts';
import { unigramLoss } from '../../../../src/data/pairs/unigramLoss.ts';
import { errorWith } from '../../../harness/facts.ts';

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^(J'ai|l’eau| | {2}|,|\.|va|!|\n|42)*$/));

describe('a vocabulary with marks', () => {
  it('decodes encoded texts, except for surrounding space', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('word', 'subword', 'character'), (each, granularity) => {
        const vocabulary = MarkedVocabulary.fit([each], granularity as 'word', { merges: 20 });
        assert.equal(vocabulary.decode(vocabulary.encode(each)), each.trim());
        const restored = MarkedVocabulary.fromJSON(JSON.parse(JSON.stringify(vocabulary)));
        assert.deepEqual(restored.encode(each), vocabulary.encode(each));
      }),
    );
  });

  it('has fixed ids for <unk>, the marks and <pad>, and reads rare tokens as <unk>', () => {
    const vocabulary = MarkedVocabulary.fit(['b a', 'b c', 'b a'], 'word', { minCount: 2 });
    assert.deepEqual(vocabulary.tokensOf([0, 1, 2, 3, 4, 5]), ['<unk>', '<start>', '<end>', ' a', 'b', '<pad>']);
    assert.deepEqual([vocabulary.size, vocabulary.paddingId, [...vocabulary.unwritten]], [6, 5, [0, 1, 5]]);
    assert.deepEqual([...vocabulary.encode(' b c ')], [4, 0]);
    assert.equal(vocabulary.decode([4, 0, 3, 2, 4]), 'b\uFFFD a');
  });

  it('reads new words in subwords, as long as it knows their characters', () => {
    const vocabulary = MarkedVocabulary.fit(['low low low', 'new newer', 'low lower'], 'subword', { merges: 8 });
    const ids = vocabulary.encode('lower newlow');
    assert.ok(ids.every((id) => id > 0));
    assert.equal(vocabulary.decode(ids), 'lower newlow');
    assert.ok(ids.length < 'lower newlow'.length);
    assert.deepEqual(vocabulary.unknown('low x'), ['x']);
  });

  it('splits words of earlier files after apostrophes', () => {
    const vocabulary = MarkedVocabulary.fit(["We're cold"], 'word');
    assert.deepEqual(vocabulary.tokensOf(vocabulary.encode("We're cold")), ['We', "'re", ' cold']);
    const { apostrophes, ...earlier } = vocabulary.toJSON();
    assert.equal(apostrophes, 'contractions');
    const words = ['<unk>', '<start>', '<end>', ' cold', "We'", 're', '<pad>'];
    const restored = MarkedVocabulary.fromJSON({ ...earlier, words });
    assert.deepEqual(restored.tokensOf(restored.encode("We're cold")), ["We'", 're', ' cold']);
    assert.deepEqual(restored.toJSON(), { ...earlier, words });
  });

  it('can be restored from its JSON, and rejects other JSON', () => {
    const vocabulary = MarkedVocabulary.fit(['ab'], 'character');
    assert.deepEqual(MarkedVocabulary.fromJSON(JSON.parse(JSON.stringify(vocabulary))).toJSON(), vocabulary.toJSON());
    assert.throws(
      () => MarkedVocabulary.fromJSON({ version: 1, kind: 'word' }),
      errorWith({ name: 'Error' }, 'granularity'),
    );
    assert.throws(
      () => MarkedVocabulary.fromJSON({ ...vocabulary.toJSON(), words: ['<unk>', 'a', 'b', '<pad>'] }),
      errorWith({ name: 'Error' }, '"<start>"', '"<end>"'),
    );
  });
});

describe('teacher forcing', () => {
  it('has the correct previous token as input, and the next token and the end as targets', () => {
    const { timeSteps, inputs, targets, weights } = teacherForced([Int32Array.of(5, 6), Int32Array.of()], 9);
    assert.deepEqual(
      [timeSteps, [...inputs], [...targets], [...weights]],
      [3, [1, 1, 5, 9, 6, 9], [5, 2, 6, 9, 2, 9], [1, 1, 1, 0, 1, 0]],
    );
  });

  it('has the token frequencies of the training texts as baseline', () => {
    const texts = [Int32Array.of(3, 3), Int32Array.of(3, 4)];
    const loss = -(2 * Math.log(4 / 12) + Math.log(2 / 12) + 2 * Math.log(3 / 12)) / 5;
    assert.ok(Math.abs(unigramLoss(texts, [Int32Array.of(3, 4), Int32Array.of(3)], 6) - loss) < 1e-12);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MarkedVocabulary } from '../../../../src/data/pairs/markedVocabulary.ts';
import { piecesOf } from '../../../../src/data/pairs/pieces.ts';
import { teacherForced } from '../../../../src/data/pairs/pairBatches.ts';
import { unigramLoss } from '../../../../src/data/pairs/unigramLoss.ts';
import { errorWith } from '../../../harness/facts.ts';

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^(J'ai|l’eau| | {2}|,|\.|va|!|\n|42)*$/));

describe('pieces of a text', () => {
  it('joined are the text, in words and in characters', () => {
    fc.assert(
      fc.property(text, (each) => {
        for (const granularity of ['word', 'character'] as const)
          assert.equal(piecesOf(each, granularity).join(''), each);
      }),
    );
  });

  it('are words with the space before them, cut after apostrophes', () => {
    assert.deepEqual(piecesOf("J'ai froid, dit-il !", 'word'), ["J'", 'ai', ' froid', ',', ' dit', '-', 'il', ' !']);
    assert.deepEqual(piecesOf('I’m  cold ', 'word'), ['I’', 'm', '  ', 'cold', ' ']);
  });
});

describe('a vocabulary with marks', () => {
  it('decodes what it has encoded, but for space around it', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('word', 'character'), (each, granularity) => {
        const vocabulary = MarkedVocabulary.fit([each], granularity as 'word');
        assert.equal(vocabulary.decode(vocabulary.encode(each)), each.trim());
      }),
    );
  });

  it('has <unk>, the marks and <pad> in their places, and reads what is rare as <unk>', () => {
    const vocabulary = MarkedVocabulary.fit(['b a', 'b c', 'b a'], 'word', { minCount: 2 });
    assert.deepEqual(vocabulary.tokensOf([0, 1, 2, 3, 4, 5]), ['<unk>', '<start>', '<end>', ' a', 'b', '<pad>']);
    assert.deepEqual([vocabulary.size, vocabulary.paddingId, [...vocabulary.unwritten]], [6, 5, [0, 1, 5]]);
    assert.deepEqual([...vocabulary.encode(' b c ')], [4, 0]);
    assert.equal(vocabulary.decode([4, 0, 3, 2, 4]), 'b\uFFFD a');
  });

  it('is read back from JSON, and from nothing else', () => {
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
  it('reads the right token before, and asks for the next and for the end', () => {
    const { timeSteps, inputs, targets, weights } = teacherForced([Int32Array.of(5, 6), Int32Array.of()], 9);
    assert.deepEqual(
      [timeSteps, [...inputs], [...targets], [...weights]],
      [3, [1, 1, 5, 9, 6, 9], [5, 2, 6, 9, 2, 9], [1, 1, 1, 0, 1, 0]],
    );
  });

  it('has a guess to beat: how often each token stands in the training texts', () => {
    const texts = [Int32Array.of(3, 3), Int32Array.of(3, 4)];
    const loss = -(2 * Math.log(4 / 12) + Math.log(2 / 12) + 2 * Math.log(3 / 12)) / 5;
    assert.ok(Math.abs(unigramLoss(texts, [Int32Array.of(3, 4), Int32Array.of(3)], 6) - loss) < 1e-12);
  });
});

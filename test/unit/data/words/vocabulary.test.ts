import assert from 'node:assert/strict';
import { tokenizeWords } from '../../../../src/data/words/tokenizer.ts';
import { WordVocabulary } from '../../../../src/data/words/vocabulary.ts';
import { errorWith, type Fact } from '../../../harness/facts.ts';

describe('word vocabulary', () => {
  const vocabulary = WordVocabulary.of(['good', 'so', 'cool']);

  it('has <unk> first and <pad> last', () => {
    assert.deepEqual(vocabulary.words, ['<unk>', 'good', 'so', 'cool', '<pad>']);
    assert.equal(vocabulary.paddingId, vocabulary.size - 1);
  });

  it('returns the id 0 for unknown words', () => {
    assert.deepEqual([...vocabulary.encode(tokenizeWords('Good grief, so what'))], [1, 0, 0, 2, 0]);
  });

  it('finds words with repeated letters', () => {
    assert.deepEqual(
      ['sooooo', 'goooood', 'coooool', 'gooooodd'].map((form) => vocabulary.idOf(form)),
      [2, 1, 3, 0],
    );
  });

  it('decodes ids, and rejects ids outside of the vocabulary', () => {
    assert.deepEqual(vocabulary.decode([3, 0, 4]), ['cool', '<unk>', '<pad>']);
    assert.throws(() => vocabulary.decode([1, 5]), errorWith({ name: 'RangeError' }, 5));
  });

  it('can be restored from its JSON, and rejects other JSON', () => {
    const json: unknown = JSON.parse(JSON.stringify(vocabulary));
    assert.deepEqual(WordVocabulary.fromJSON(json).words, vocabulary.words);
    const refused: [words: string[], ...facts: Fact[]][] = [[['a', 'b'], '"<unk>"'], [['<unk>', 'a', 'a', '<pad>']]];
    for (const [words, ...facts] of refused)
      assert.throws(
        () => WordVocabulary.fromJSON({ version: 1, kind: 'word', words }),
        errorWith({ name: 'Error' }, ...facts),
      );
  });

  it('rejects a repeated word', () => {
    assert.throws(() => WordVocabulary.of(['a', 'a']), Error);
  });
});

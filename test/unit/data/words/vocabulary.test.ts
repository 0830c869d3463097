import assert from 'node:assert/strict';
import { tokenizeWords } from '../../../../src/data/words/tokenizer.ts';
import { WordVocabulary } from '../../../../src/data/words/vocabulary.ts';

describe('word vocabulary', () => {
  const vocabulary = WordVocabulary.of(['good', 'so', 'cool']);

  it('has <unk> first and <pad> last', () => {
    assert.deepEqual(vocabulary.words, ['<unk>', 'good', 'so', 'cool', '<pad>']);
    assert.equal(vocabulary.paddingId, vocabulary.size - 1);
  });

  it('gives every word that it does not know the id 0', () => {
    assert.deepEqual([...vocabulary.encode(tokenizeWords('Good grief, so what'))], [1, 0, 0, 2, 0]);
  });

  it('knows a word that is drawn out', () => {
    assert.deepEqual(
      ['sooooo', 'goooood', 'coooool', 'gooooodd'].map((form) => vocabulary.idOf(form)),
      [2, 1, 3, 0],
    );
  });

  it('gives the words of ids back, and refuses ids that it does not have', () => {
    assert.deepEqual(vocabulary.decode([3, 0, 4]), ['cool', '<unk>', '<pad>']);
    assert.throws(() => vocabulary.decode([1, 5]), /Id 5 is not in a vocabulary of 5 words/);
  });

  it('is the same after saving and loading, and refuses what is no vocabulary of words', () => {
    const json: unknown = JSON.parse(JSON.stringify(vocabulary));
    assert.deepEqual(WordVocabulary.fromJSON(json).words, vocabulary.words);
    const refused: [words: string[], why: RegExp][] = [
      [['a', 'b'], /first word must be "<unk>"/],
      [['<unk>', 'a', 'a', '<pad>'], /every word must be there once/],
    ];
    for (const [words, why] of refused)
      assert.throws(() => WordVocabulary.fromJSON({ version: 1, kind: 'word', words }), why);
  });

  it('takes no word twice', () => {
    assert.throws(() => WordVocabulary.of(['a', 'a']), /every word once/);
  });
});

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
    assert.deepEqual(['sooooo', 'goooood', 'coooool', 'gooooodd'].map((form) => vocabulary.idOf(form)), [2, 1, 3, 0]);
  });

  it('takes no word twice', () => {
    assert.throws(() => WordVocabulary.of(['a', 'a']), /every word once/);
  });
});

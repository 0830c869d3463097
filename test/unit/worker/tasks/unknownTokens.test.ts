import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../../src/config/parse.ts';
import { countWords, vocabularyOf } from '../../../../src/data/words/frequentWords.ts';
import { inspectDataSet } from '../../../../src/data/inspect/inspectDataSet.ts';
import { classificationOf } from '../../../../src/worker/tasks/classification/classificationData.ts';
import { unknownNotices } from '../../../../src/worker/tasks/classification/unknownTokens.ts';
import { assertNames } from '../../../harness/facts.ts';

/** Texts of words that differ between the parts, and of the same characters. */
const text = (words: readonly string[]) => ({ text: words.join(' '), forms: words, label: 'x' });
const train = [text(['ab', 'ba', 'ab', 'ba']), text(['aab', 'bba', 'c'])];
const validation = [text(['abab', 'baba', 'aab', 'ab'])];

describe('tokens that a classifier does not know', () => {
  const config = (fields: object) =>
    classificationOf(parseRunConfig({ task: { name: 'classification', ...fields } }).task);
  const notices = (fields: object) => {
    const own = config(fields);
    const counts = countWords(train.map(({ forms }) => forms));
    const vocabulary = vocabularyOf(counts, { minCount: own.minimumCount });
    return unknownNotices({ train, validation, labels: ['x'], notices: [] }, vocabulary, own);
  };

  it('are counted, with the counts of other choices, if they are most', () => {
    const [measured, characters, count] = notices({ minimumCount: 2 });
    assertNames(measured, '75', 4);
    assertNames(characters, 'task.tokens', '0');
    assertNames(count, 'task.minimumCount', 2, '50');
  });

  it('are not mentioned if they are few', () => {
    assert.deepEqual(notices({ minimumCount: 1 }), []);
  });

  it('are counted by an inspection, with the characters', async () => {
    const rows = Array.from({ length: 40 }, (_, at) => {
      const word = 'abcdefg'.charAt(at % 7) + 'abcdefg'.charAt(Math.floor(at / 7));
      return `${word}x ${word}y ${word}z\t${at % 2}`;
    });
    const { unknown, notes } = await inspectDataSet(
      { kind: 'text', name: 'a.tsv', text: `text\tlabel\n${rows.join('\n')}\n` },
      { validationShare: 0.2, seed: 1 },
    );
    assert.ok(unknown && unknown.unknown > unknown.tokens / 2);
    assert.equal(unknown.characters?.unknown, 0);
    assert.ok(notes.some((note) => JSON.stringify(note).includes('task.tokens')));
  });
});

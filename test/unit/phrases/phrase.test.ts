import assert from 'node:assert/strict';
import * as l10n from '@vscode/l10n';
import { textOf } from '../../../src/phrases/causes.ts';
import { joined, phrase, PhrasedError, say, sentences, spokenJson, text } from '../../../src/phrases/phrase.ts';

describe('phrases', () => {
  const inner = phrase('{0} rows', 3);
  const outer = phrase('"{0}" has {1}.', 'names.csv', inner);

  afterEach(() => l10n.config({ contents: {} }));

  it('are formatted in English without a bundle', () => {
    assert.equal(say(outer), '"names.csv" has 3 rows.');
    assert.equal(say('names.csv'), 'names.csv');
    assert.equal(say(phrase('{0} of {1}', 0, '')), '0 of ');
  });

  it('are formatted in the language of the bundle, nested ones too, and a value is never a template', () => {
    l10n.config({ contents: { '{0} rows': '{0} Zeilen', '"{0}" has {1}.': '{1} hat „{0}“.' } });
    assert.equal(say(outer), '3 Zeilen hat „names.csv“.');
    assert.equal(say(phrase('"{0}" has {1}.', '{1}', '{0}')), '{0} hat „{1}“.');
    assert.equal(say(sentences(outer, undefined, '', inner)), '3 Zeilen hat „names.csv“. 3 Zeilen');
  });

  it('join without empty parts', () => {
    assert.equal(joined([], ', '), '');
    assert.equal(joined(['', undefined, inner], ', '), inner);
    assert.equal(say(joined(['a', inner, 'b'], ', ')), 'a, 3 rows, b');
  });

  it('cross a boundary, and stay strings in the JSON of the command line', () => {
    const stored: unknown = JSON.parse(JSON.stringify(outer));
    assert.deepEqual(text.parse(stored), outer);
    assert.equal(text.parse('plain'), 'plain');
    assert.ok(!text.safeParse({ phrase: 1 }).success);
    const value = { sentence: outer, phrase: 'not one', rows: [inner, 'x', { phrase: 4 }] };
    assert.deepEqual(JSON.parse(spokenJson(value)), {
      sentence: '"names.csv" has 3 rows.',
      phrase: 'not one',
      rows: ['3 rows', 'x', { phrase: 4 }],
    });
  });

  it('are the messages of errors', () => {
    const error = new PhrasedError(outer);
    assert.equal(error.message, '"names.csv" has 3 rows.');
    assert.equal(textOf(error), outer);
    assert.equal(textOf(new RangeError('odd')), 'odd');
    assert.equal(textOf('odd'), 'odd');
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Vocabulary } from '../../../src/data/vocabulary.ts';
import { anyText } from './helpers.ts';
import { errorWith, type Fact } from '../../harness/facts.ts';

const codePoints = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0) ?? 0);
const vocabularyOf = (text: string): Vocabulary => Vocabulary.of(codePoints(text));

describe('vocabulary', () => {
  it('contains <unk> and then the characters by code point, not by UTF-16 code unit', () => {
    assert.deepEqual(vocabularyOf('b😀a\uFF5Eb').tokens, [Vocabulary.UNKNOWN, 'a', 'b', '\uFF5E', '😀']);
  });

  it('encodes unknown characters as 0 and decodes 0 as U+FFFD', () => {
    const vocabulary = vocabularyOf('ab');
    assert.deepEqual([...vocabulary.encode('a😀b\uD83Dz')], [1, 0, 2, 0, 0]);
    assert.equal(vocabulary.decode([1, 0, 2]), 'a\uFFFDb');
  });

  it('decodes encoded text without unknown characters exactly', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const vocabulary = vocabularyOf(text);
        const ids = vocabulary.encode(text);
        assert.equal(vocabulary.decode(ids), text);
        assert.equal(ids.length, codePoints(text).length);
        assert.ok(ids.every((id) => id > 0 && id < vocabulary.size));
      }),
    );
  });

  it('rejects ids outside of the vocabulary in decoding', () => {
    assert.throws(() => vocabularyOf('ab').decode([3]), errorWith({ name: 'RangeError' }, 3));
  });

  it('can be restored from its JSON', () => {
    const vocabulary = vocabularyOf('a"\n\u2028\uFFFD😀');
    const json: unknown = JSON.parse(JSON.stringify(vocabulary));
    assert.deepEqual(json, { version: 1, kind: 'character', tokens: vocabulary.tokens });
    assert.deepEqual(Vocabulary.fromJSON(json).tokens, vocabulary.tokens);
  });

  const malformed: Record<string, [unknown, ...Fact[]]> = {
    nothing: [undefined],
    'another version': [{ version: 2, kind: 'character', tokens: ['<unk>'] }, 'version'],
    'another kind': [{ version: 1, kind: 'word', tokens: ['<unk>'] }, 'kind'],
    'no tokens': [{ version: 1, kind: 'character', tokens: [] }, '"<unk>"'],
    'no <unk>': [{ version: 1, kind: 'character', tokens: ['a', 'b'] }, '"<unk>"'],
    'two characters in one': [{ version: 1, kind: 'character', tokens: ['<unk>', 'ab'] }, '"ab"', 'tokens[1]'],
    'an empty token': [{ version: 1, kind: 'character', tokens: ['<unk>', ''] }, '""', 'tokens[1]'],
    'a character twice': [{ version: 1, kind: 'character', tokens: ['<unk>', 'a', 'a'] }, '"a"', 'tokens[2]'],
    'characters out of order': [{ version: 1, kind: 'character', tokens: ['<unk>', 'b', 'a'] }, '"a"', 'tokens[2]'],
  };
  for (const [name, [json, ...facts]] of Object.entries(malformed)) {
    it(`rejects JSON with ${name}`, () => {
      assert.throws(() => Vocabulary.fromJSON(json), errorWith({ name: 'Error' }, ...facts));
    });
  }
});

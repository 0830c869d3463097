import assert from 'node:assert/strict';
import fc from 'fast-check';
import { piecesOf } from '../../../../src/data/words/pieces.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.stringMatching(/^(J'ai|l’eau|don't|We're|'| | {2}|,|\.|va|!|\n|42)*$/),
);

describe('tokens of a text', () => {
  it('add up to the text, for words and for characters', () => {
    fc.assert(
      fc.property(text, (each) => {
        for (const rule of ['contractions', 'after'] as const)
          for (const granularity of ['word', 'character'] as const)
            assert.equal(piecesOf(each, granularity, rule).join(''), each);
      }),
    );
  });

  it('are words with the preceding space, split after apostrophes', () => {
    assert.deepEqual(piecesOf("J'ai froid, dit-il !", 'word'), ["J'", 'ai', ' froid', ',', ' dit', '-', 'il', ' !']);
    assert.deepEqual(piecesOf('so  cold \n', 'word'), ['so', '  ', 'cold', ' ', '\n']);
  });

  it('are English words and their clitics', () => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ["We're touched.", ['We', "'re", ' touched', '.']],
      ['I’m', ['I', '’m']],
      ["They don't.", ['They', ' do', "n't", '.']],
      ["He'd've", ['He', "'d", "'ve"]],
      ["the dogs' man's", ['the', ' dogs', "'", ' man', "'s"]],
      ["aujourd'hui", ["aujourd'", 'hui']],
    ];
    for (const [each, pieces] of cases) assert.deepEqual(piecesOf(each, 'word'), pieces);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TokenCounts, type TokenRules } from '../../../../src/data/inspect/tokenCounts.ts';
import { wordsOf } from '../../../../src/data/words/segments.ts';
import { joinsAcrossSpace, mayJoin, tokenizeWords } from '../../../../src/data/words/tokenizer.ts';
import { unicodeWords } from '../../../../src/data/words/unicodeWords.ts';
import { seeds } from '../../../harness/seeds.ts';

const words = (choices: Parameters<typeof unicodeWords>[1]): TokenRules => ({
  unit: 'word',
  tokensIn: (text) => unicodeWords(text, choices).map(({ form }) => form),
  joins: joinsAcrossSpace,
  mayJoin,
});

const rules: Readonly<Record<string, TokenRules>> = {
  'Unicode words': words({ lowerCase: true, stripAccents: false }),
  'Unicode words without accents': words({ lowerCase: false, stripAccents: true }),
  'English words': {
    unit: 'word',
    tokensIn: (text) => tokenizeWords(text).map(({ form }) => form),
    joins: joinsAcrossSpace,
    mayJoin,
  },
  'words of UAX 29': { unit: 'word', tokensIn: wordsOf, joins: () => false, mayJoin: () => false },
  characters: { unit: 'character', tokensIn: (text) => Array.from(text), joins: () => true, mayJoin: () => true },
};

const piece = fc.oneof(
  fc.constantFrom('the', 'The', 'river', "don't", 'Ca', "n't", 'not', '...', '.', '..', '"so"', 'well-made', '-', '--'),
  fc.constantFrom('café', 'İ', 'x@y.de', '#tag', 'www.a.b', '1,029.5', "it's", "'s", "''", '``', 'cannot', '\u00ad'),
  fc.constantFrom('漢字', '😀', '\u0301', '\u00a0', '\u200b', 'e\u0301', '×', 'x'.repeat(50), '\x1c', '©'),
  fc.string({ unit: fc.constantFrom('a', 'B', 'é', "'", '.', '-', '@', '#', ':', '/', '1', ',', '_'), maxLength: 6 }),
);
const text = fc
  .array(fc.tuple(piece, fc.constantFrom(' ', ' ', '', '\t', '\n', '  ')), { maxLength: 8 })
  .map((parts) => parts.flat().join(''));

describe('counts of tokens', () => {
  for (const [name, own] of Object.entries(rules)) {
    it(`are those of the texts as a whole: ${name}`, () => {
      fc.assert(
        fc.property(fc.array(text, { maxLength: 6 }), fc.array(text, { maxLength: 6 }), (train, validation) => {
          const counts = new TokenCounts(own);
          for (const each of train) assert.equal(counts.train(each), own.tokensIn(each).length);
          for (const each of validation) assert.equal(counts.validate(each), own.tokensIn(each).length);
          const known = new Set(train.flatMap((each) => own.tokensIn(each)));
          const tokens = validation.flatMap((each) => own.tokensIn(each));
          const others = tokens.filter((token) => !known.has(token));
          assert.deepEqual(
            counts.unknown && { ...counts.unknown, examples: new Set(counts.unknown.examples) },
            validation.length === 0
              ? null
              : {
                  unit: own.unit,
                  tokens: tokens.length,
                  unknown: others.length,
                  examples: mostFrequent(others, 12),
                  ...(own.unit === 'word' && { characters: charactersOf(train, validation) }),
                },
          );
        }),
        seeds(1500),
      );
    });
  }
});

/** The number of characters of the validation part, and of those that the training part lacks. */
function charactersOf(train: readonly string[], validation: readonly string[]): { tokens: number; unknown: number } {
  const known = new Set(train.flatMap((each) => Array.from(each)));
  const characters = validation.flatMap((each) => Array.from(each));
  return { tokens: characters.length, unknown: characters.filter((each) => !known.has(each)).length };
}

/** The most frequent tokens; of equally frequent ones, the first in the order of code units. */
function mostFrequent(tokens: readonly string[], most: number): Set<string> {
  const counts = new Map<string, number>();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return new Set(sorted.slice(0, most).map(([token]) => token));
}

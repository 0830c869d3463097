import assert from 'node:assert/strict';
import fc from 'fast-check';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';

describe('tokens on labels', () => {
  for (const [token, shown] of [
    ['a', 'a'],
    ['\n', '↵'],
    [' ', '␣'],
    ['\t', '⇥'],
    ['\0', '␀'],
    ['\u001b', '␛'],
    ['\u0301', '◌\u0301'],
    ['\u200b', 'U+200B'],
    ['\u2003', 'U+2003'],
    ['\ud800', 'U+D800'],
    ['the\n', 'the↵'],
    ['<unk>', '<unk>'],
    ['', ''],
  ] as const) {
    it(`write ${JSON.stringify(token)} as ${JSON.stringify(shown)}`, () => assert.equal(visibleToken(token), shown));
  }

  it('are never invisible', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }), (token) => {
        assert.doesNotMatch(visibleToken(token), /[\p{Cc}\p{Cf}\s]/u);
      }),
    );
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { visible } from '../../../src/format/visible.ts';

describe('visible characters', () => {
  it('escapes what a terminal obeys or what changes the direction of a text', () => {
    assert.equal(visible('\u001b[31mred\u0007'), String.raw`\u001b[31mred\u0007`);
    assert.equal(visible('a\u202eb\u2066c'), String.raw`a\u202eb\u2066c`);
    assert.equal(visible('over\rwritten\r\n'), `over${String.raw`\u000d`}written\r\n`);
  });

  it('leaves no control character in any text, and changes no text without one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visible(text);
        assert.doesNotMatch(shown.replaceAll(/[\t\n]|\r\n/g, ''), /\p{Cc}|\p{Bidi_Control}/u);
        assert.equal(visible(shown), shown);
      }),
    );
  });

  it('keeps the meaning of JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(JSON.parse(visible(JSON.stringify(text))), text);
      }),
    );
  });
});

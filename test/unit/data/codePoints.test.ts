import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CodePointIndex } from '../../../src/data/codePointIndex.ts';
import { CharacterSet } from '../../../src/data/codePoints.ts';
import { anyText } from './helpers.ts';

const text = fc.oneof(
  anyText(),
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('a', '\0', '\x7f', '\x80', '\u07ff', '\u0800', '\uffff', '😀', '\ud800', '\udc00'),
  }),
);

describe('ids of code points', () => {
  it('are those of a map, for any texts', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
        const index = new CodePointIndex();
        const ids = new Map<string, number>();
        for (const each of texts) {
          const target = new Int32Array(each.length);
          const count = index.encode(each, target, (codePoint, place) => {
            assert.equal(Array.from(each)[place], String.fromCodePoint(codePoint));
            const id = ids.size + 1;
            ids.set(String.fromCodePoint(codePoint), id);
            index.set(codePoint, id);
            return id;
          });
          assert.deepEqual(
            [...target.subarray(0, count)],
            Array.from(each, (character) => ids.get(character)),
          );
        }
      }),
    );
  });
});

describe('a set of characters', () => {
  it('counts those of other texts', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), text, (texts, other) => {
        const known = new CharacterSet();
        for (const each of texts) known.addAll(each);
        const characters = new Set(texts.flatMap((each) => Array.from(each)));
        assert.equal(known.countOthers(other), Array.from(other).filter((each) => !characters.has(each)).length);
      }),
    );
  });
});

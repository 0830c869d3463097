import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MISSING, PartTable } from '../../../src/data/partTable.ts';
import { TextBytes } from '../../../src/data/textBytes.ts';
import { anyText } from './helpers.ts';

const unit = fc.constantFrom('a', 'b', 'Z', '\0', '.', '\x7f', 'é', '漢', '😀', '\ud800', '\udc00');
/** Parts of up to and more than the bytes of a short key, many of which begin alike. */
const part = fc.oneof(
  fc.string({ unit, maxLength: 4 }),
  fc.string({ unit: fc.constantFrom('a', '\0'), maxLength: 14 }),
  fc.constantFrom('abcdefghijk', 'abcdefghijkl', 'abcdefghij\0', 'abcdefghijk\0', 'x'.repeat(300)),
);

describe('text as bytes', () => {
  it('is restored from them, for any text in any chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyText(), fc.string({ unit }))), (chunks) => {
        const text = new TextBytes();
        text.set('before');
        text.set('');
        for (const chunk of chunks) text.append(chunk);
        assert.equal(text.slice(0, text.length), chunks.join(''));
      }),
    );
  });

  it('is restored in parts, also where surrogates are unpaired', () => {
    const chunk = fc.oneof(anyText(), fc.string({ unit }));
    fc.assert(
      fc.property(fc.array(chunk), (chunks) => {
        const text = new TextBytes();
        const ends = chunks.map((each) => {
          text.append(each);
          return text.length;
        });
        chunks.forEach((each, i) => assert.equal(text.slice(ends[i - 1] ?? 0, ends[i] ?? 0), each));
      }),
    );
  });

  it('of a well-formed text are those of UTF-8, also after another part was dropped', () => {
    fc.assert(
      fc.property(anyText(), anyText(), (first, second) => {
        const text = new TextBytes();
        text.append(first.toWellFormed());
        const before = text.length;
        text.append(second.toWellFormed());
        text.dropBefore(before);
        assert.deepEqual(Buffer.from(text.bytes.subarray(0, text.length)), Buffer.from(second.toWellFormed()));
      }),
    );
  });
});

describe('table of parts', () => {
  it('has the values of a map by strings', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const [table, text, map] = [new PartTable(), new TextBytes(), new Map<string, number>()];
        for (const [value, each] of [...parts, ...parts].entries()) {
          text.set(`<${each}>`);
          const expected = map.get(each);
          assert.equal(table.get(text, 1, text.length - 1), expected ?? MISSING);
          if (expected !== undefined) continue;
          table.add(text, 1, text.length - 1, value);
          map.set(each, value);
        }
        assert.equal(table.size, map.size);
      }),
    );
  });

  it('finds visible parts by what ends them, as by their ends', () => {
    const visible = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7f }).map((code) => String.fromCharCode(code)) });
    const ending = fc.constantFrom(' ', '\n', '\t', '\0', '\x1f', 'é', '漢', '😀');
    fc.assert(
      fc.property(fc.array(fc.tuple(visible, ending), { maxLength: 30 }), (parts) => {
        const [table, text] = [new PartTable(), new TextBytes()];
        for (const [value, [each, end]] of [...parts, ...parts].entries()) {
          text.set(`${end}${each}${end}rest of the text`);
          const start = Buffer.byteLength(end);
          const known = table.get(text, start, start + each.length);
          if (known === MISSING) table.add(text, start, start + each.length, value);
          const found = table.getVisible(text.view, start);
          assert.equal(found, each.length > 11 ? MISSING : known === MISSING ? value : known);
          if (found !== MISSING) assert.equal(table.end, start + each.length);
        }
      }),
    );
  });

  it('grows, with short and with long parts', () => {
    const [table, text] = [new PartTable(), new TextBytes()];
    const parts = Array.from({ length: 20_000 }, (_, at) => (at % 2 === 0 ? `${at}` : `a longer part ${at}`));
    for (const [value, each] of parts.entries()) {
      text.set(each);
      assert.equal(table.get(text, 0, text.length), MISSING);
      table.add(text, 0, text.length, value);
    }
    for (const [value, each] of parts.entries()) {
      text.set(each);
      assert.equal(table.get(text, 0, text.length), value);
    }
  });
});

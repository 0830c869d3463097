import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CharacterMap } from '../../../../src/data/tokenizers/characterMap.ts';
import { parseTokenizer } from '../../../../src/data/tokenizers/tokenizerJson.ts';
import { errorWith } from '../../../harness/facts.ts';

/** A map of the character "a" to a text: the units of the trie are its root, that of "a", and the value. */
function mapOfA(text: string, units = 0x200): Uint8Array {
  const trie = new Uint32Array(units);
  const [root, letter, value] = [1 << 10, 0x61, 0x62];
  trie[0] = root;
  // The unit of "a" is at the place 1 ^ 0x61 of its label, and its value at the place that its offset leads to.
  trie[1 ^ letter] = ((1 ^ letter ^ value) << 10) | 0x100 | letter;
  trie[value] = 0x80000000;
  const texts = new TextEncoder().encode(`${text}\0`);
  const bytes = new Uint8Array(4 + trie.byteLength + texts.length);
  const data = new DataView(bytes.buffer);
  data.setUint32(0, trie.byteLength, true);
  trie.forEach((unit, at) => data.setUint32(4 + 4 * at, unit, true));
  bytes.set(texts, 4 + trie.byteLength);
  return bytes;
}

const specOf = (map: Uint8Array) => ({
  model: { type: 'Unigram', vocab: [['<unk>', 0]], unk_id: 0 },
  normalizer: { type: 'Precompiled', precompiled_charsmap: Buffer.from(map).toString('base64') },
});

describe('map of characters of SentencePiece', () => {
  it('replaces the shortest beginning that it has, and nothing else', () => {
    for (const text of ['', 'b', 'ein Wort', '猫']) {
      const map = new CharacterMap(mapOfA(text));
      assert.equal(map.get('a'), text);
      assert.equal(map.get('ab'), text);
      for (const other of ['', 'b', 'ba', '\0', '猫', '😀']) assert.equal(map.get(other), undefined);
    }
  });

  it('is refused if it is cut off', () => {
    const whole = mapOfA('b');
    for (const bytes of [whole.subarray(0, 3), whole.subarray(0, 40), whole.subarray(0, -1), new Uint8Array(8)])
      assert.throws(
        () => parseTokenizer(specOf(bytes), 'evil.json'),
        errorWith({ name: 'UnusableError' }, 'evil.json', 'Precompiled'),
      );
    assert.ok(parseTokenizer(specOf(whole), 'good.json'));
  });

  it('ends with an answer or a refusal, whatever its bytes are', () => {
    const whole = mapOfA('b');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(), fc.string({ unit: 'binary' }), (bytes, at, text) => {
        const damaged = whole.slice();
        damaged.set(bytes, at % (damaged.length - bytes.length));
        try {
          const found = new CharacterMap(damaged).get(text);
          assert.ok(found === undefined || found.length <= damaged.length);
        } catch (error) {
          assert.ok(error instanceof RangeError);
        }
      }),
      { numRuns: 1000, seed: 1 },
    );
  });
});

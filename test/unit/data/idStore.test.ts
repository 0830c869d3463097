import assert from 'node:assert/strict';
import fc from 'fast-check';
import { IdStore } from '../../../src/data/idStore.ts';
import type { TokenSequence } from '../../../src/data/tokenSequence.ts';
import { idsOf, places } from './helpers.ts';
import { errorWith } from '../../harness/facts.ts';

const bytesPerId = (store: IdStore): number[] => store.chunks.map((chunk) => chunk.BYTES_PER_ELEMENT);

describe('id store', () => {
  it('keeps every id, for any chunks and widths', () => {
    const id = fc.oneof(fc.nat(255), fc.nat(65_535), fc.nat(2 ** 20));
    fc.assert(
      fc.property(fc.array(fc.array(id, { maxLength: 9 })), (pieces) => {
        const store = new IdStore(4);
        let limit = 1;
        for (const piece of pieces) {
          limit = Math.max(limit, ...piece.map((value) => value + 1));
          store.append(Int32Array.from(piece), piece.length, limit);
        }
        assert.deepEqual(idsOf(store.sequence(0, store.length)), pieces.flat());
      }),
    );
  });

  it('widens only the chunks that need it', () => {
    const store = new IdStore(2);
    store.append(Int32Array.of(1, 255, 3), 3, 256);
    store.append(Int32Array.of(256, 5), 2, 257);
    store.append(Int32Array.of(65_536), 1, 65_537);
    assert.deepEqual(bytesPerId(store), [1, 2, 4]);
    assert.deepEqual(idsOf(store.sequence(0, 6)), [1, 255, 3, 256, 5, 65_536]);
  });

  it('replaces ids, in place or wider', async () => {
    const store = new IdStore(2);
    store.append(Int32Array.of(2, 1, 2), 3, 3);
    const [first] = store.chunks;
    await store.remap(Uint32Array.of(0, 2, 1), 3);
    assert.equal(store.chunks[0], first);
    assert.deepEqual(idsOf(store.sequence(0, 3)), [1, 2, 1]);
    await store.remap(Uint32Array.of(0, 300, 7), 301);
    assert.deepEqual(idsOf(store.sequence(0, 3)), [300, 7, 300]);
    assert.deepEqual(bytesPerId(store), [2, 2]);
  });
});

describe('token sequence', () => {
  const stored = (length: number): TokenSequence => {
    const store = new IdStore(3);
    store.append(
      Int32Array.from({ length }, (_, i) => i),
      length,
      256,
    );
    return store.sequence(0, length);
  };

  it('copies any range of any view like an array', () => {
    const range = fc.tuple(fc.nat(20), fc.nat(20)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    const plain = Array.from({ length: 20 }, (_, i) => i + 5);
    fc.assert(
      fc.property(range, range, ([start, end], [a, b]) => {
        const expected = plain.slice(start, end);
        const view = stored(25).view(2).view(3).view(start, end);
        const from = Math.min(a, expected.length);
        const to = Math.min(b, expected.length);
        const target = new Int32Array(to - from + 2);
        view.copyTo(target, 1, from, to - from);
        assert.deepEqual([...target], [0, ...expected.slice(from, to), 0]);
      }),
    );
  });

  it('returns single ids and blocks', () => {
    const view = stored(10).view(2, 9);
    assert.deepEqual(
      Array.from({ length: 7 }, (_, i) => view.at(i)),
      [2, 3, 4, 5, 6, 7, 8],
    );
    const blocks = Array.from(view.blocks(3), (block) => [...block]);
    assert.deepEqual(blocks, [[2, 3, 4], [5, 6, 7], [8]]);
    assert.deepEqual([...places(0).blocks()], []);
  });

  it('rejects ranges outside of the sequence', () => {
    const view = stored(10).view(2, 5);
    assert.throws(() => view.at(3), errorWith({ name: 'RangeError' }, 3, 4));
    assert.throws(() => view.at(-1), RangeError);
    assert.throws(() => view.copyTo(new Int32Array(9), 0, 1, 3), RangeError);
    assert.throws(() => view.view(2, 1), RangeError);
  });
});

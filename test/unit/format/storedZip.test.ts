import assert from 'node:assert/strict';
import fc from 'fast-check';
import { StoredZipParts, type StoredEntry } from '../../../src/format/storedZip.ts';
import { readDirectory } from '../../../src/zip/directory.ts';
import { packedRange } from '../../../src/zip/entry.ts';
import { type Reads, readLater } from '../../../src/zip/reads.ts';

/** An archive whose files are not in memory, only what is between them. */
function archiveOf(entries: readonly StoredEntry[]) {
  const parts = new StoredZipParts();
  const pieces: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  for (const entry of entries) {
    const at = parts.size;
    pieces.push({ at, bytes: parts.next(entry) });
  }
  pieces.push({ at: parts.size, bytes: parts.end() });
  const size = parts.size + pieces.at(-1)!.bytes.length;
  const read = async (start: number, end: number) => {
    const result = new Uint8Array(Math.max(0, Math.min(end, size) - start));
    for (const { at, bytes } of pieces) {
      const [from, to] = [Math.max(start, at), Math.min(end, at + bytes.length)];
      if (from < to) result.set(bytes.subarray(from - at, to - at), from - start);
    }
    return Promise.resolve(result);
  };
  return { file: { name: 'large.zip', size }, run: async <T>(reads: Reads<T>) => readLater(reads, read) };
}

describe('parts of a stored ZIP archive', () => {
  it('are read back, with sizes and places below and above 4 GB', async () => {
    const size = fc.oneof(fc.nat(1000), fc.integer({ min: 2 ** 32 - 3, max: 2 ** 32 + 3 }), fc.nat(2 ** 40));
    const entry = fc.record({ size, crc: fc.nat(0xffffffff) });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 6 }), async (facts) => {
        const entries = facts.map((fact, index) => ({ name: `ä/${index}`, ...fact }));
        const { file, run } = archiveOf(entries);
        const found = await run(readDirectory(file));
        assert.deepEqual(
          found.map(({ name, size, crc }) => ({ name, size, crc })),
          entries,
        );
        for (const each of found) {
          const { start, end } = await run(packedRange(file, each));
          assert.equal(end - start, each.size);
        }
      }),
    );
  });

  it('have more entries than a number of 16 bits counts', async () => {
    const entries = Array.from({ length: 65_600 }, (_, index) => ({ name: String(index), size: 0, crc: 0 }));
    const { file, run } = archiveOf(entries);
    assert.equal((await run(readDirectory(file))).length, entries.length);
  });
});

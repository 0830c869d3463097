import assert from 'node:assert/strict';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { crc32 } from '../../../src/format/crc32.ts';
import { inflated, inflatedNow } from '../../../src/platform/compression.ts';
import { readDirectory, STORED } from '../../../src/zip/directory.ts';
import { checkedBytes, packedBytes } from '../../../src/zip/entry.ts';
import { readLater, readNow } from '../../../src/zip/reads.ts';
import { errorWith } from '../../harness/facts.ts';

const NAME = 'strange.zip';
const refused = (...facts: readonly string[]) => errorWith({ name: 'ZipError' }, NAME, ...facts);
const [CENTRAL, LOCAL] = [0x02014b50, 0x04034b50];

type Contents = readonly (readonly [name: string, content: Buffer])[];

/** The files of an archive in memory. */
function contentsNow(bytes: Uint8Array): Contents {
  const file = { name: NAME, size: bytes.length };
  return readNow(readDirectory(file), bytes).map((entry) => {
    const packed = readNow(packedBytes(file, entry), bytes);
    const content = entry.method === STORED ? packed : inflatedNow(packed, entry.size);
    return [entry.name, Buffer.from(checkedBytes(NAME, entry, content))];
  });
}

/** The same of an archive on disk. */
async function contentsLater(bytes: Uint8Array): Promise<Contents> {
  const file = { name: NAME, size: bytes.length };
  const read = async (start: number, end: number) => Promise.resolve(bytes.slice(start, end));
  const contents: (readonly [string, Buffer])[] = [];
  for (const entry of await readLater(readDirectory(file), read)) {
    const packed = await readLater(packedBytes(file, entry), read);
    const content = entry.method === STORED ? packed : await inflated(packed, entry.size).catch(() => undefined);
    contents.push([entry.name, Buffer.from(checkedBytes(NAME, entry, content))]);
  }
  return contents;
}

const archives = fc
  .dictionary(fc.stringMatching(/^[a-zä]{1,6}(\/[a-z]{1,3})?$/), fc.uint8Array({ maxLength: 300 }), {
    maxKeys: 6,
    noNullPrototype: true,
  })
  .chain((files) =>
    fc.constantFrom(0 as const, 9 as const).map((level) => ({ files, bytes: zipSync(files, { level }) })),
  );

/** Places of the headers of an archive with a signature. */
function headers(bytes: Uint8Array, signature: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: Math.max(0, bytes.length - 4) }, (_, at) => at).filter(
    (at) => view.getUint32(at, true) === signature,
  );
}

/** An archive with changed 32-bit numbers in the entries of its directory. */
function changed(bytes: Uint8Array, place: number, value: number): Uint8Array {
  const copy = bytes.slice();
  for (const at of headers(copy, CENTRAL)) new DataView(copy.buffer).setUint32(at + place, value, true);
  return copy;
}

/** One stored file, whose sizes and place are in the fields of Zip64, as is the end of the directory. */
function zip64(name: string, content: Uint8Array): Uint8Array {
  const path = Buffer.from(name);
  const long = (...values: readonly number[]) => {
    const bytes = Buffer.alloc(8 * values.length);
    for (const [at, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 8 * at);
    return bytes;
  };
  const words = (...values: readonly number[]) => Buffer.from(Uint16Array.from(values).buffer);
  const ints = (...values: readonly number[]) => Buffer.from(Uint32Array.from(values).buffer);
  const [crc, full] = [ints(crc32(content)), 0xffffffff];
  const local = Buffer.concat([
    ...[ints(LOCAL), words(45, 0, 0, 0, 0), crc, ints(content.length, content.length), words(path.length, 0), path],
  ]);
  const extra = Buffer.concat([words(1, 24), long(content.length, content.length, 0)]);
  const central = Buffer.concat([
    ...[ints(CENTRAL), words(45, 45, 0, 0, 0, 0), crc, ints(full, full), words(path.length, extra.length, 0, 0, 0)],
    ...[ints(0, full), path, extra],
  ]);
  const start = local.length + content.length;
  const end = Buffer.concat([ints(0x06064b50), long(44), words(45, 45), ints(0, 0), long(1, 1, central.length, start)]);
  const locator = Buffer.concat([ints(0x07064b50, 0), long(start + central.length), ints(1)]);
  const last = Buffer.concat([ints(0x06054b50), words(0, 0, 0xffff, 0xffff), ints(full, full), words(0)]);
  return Buffer.concat([local, content, central, end, locator, last]);
}

describe('ZIP archives', () => {
  it('have the files that were packed, in memory and on disk', async () => {
    await fc.assert(
      fc.asyncProperty(archives, async ({ files, bytes }) => {
        const expected = Object.entries(files).map(([name, content]) => [name, Buffer.from(content)]);
        assert.deepEqual(contentsNow(bytes), expected);
        assert.deepEqual(await contentsLater(bytes), expected);
      }),
    );
  });

  it('are read alike in memory and on disk, or refused with the same sentence, after any change', async () => {
    const change = fc.record({ at: fc.nat(), value: fc.nat(255), length: fc.double({ min: 0, max: 1, noNaN: true }) });
    await fc.assert(
      fc.asyncProperty(archives, change, async ({ bytes }, { at, value, length }) => {
        const damaged = bytes.slice(0, length > 0.8 ? undefined : Math.floor(bytes.length * (length + 0.2)));
        if (damaged.length > 0) damaged[at % damaged.length] = value;
        const outcome = (work: () => Contents) => {
          try {
            return work();
          } catch (error) {
            assert.ok(error instanceof Error && error.name === 'ZipError', String(error));
            return error.message;
          }
        };
        const later = await contentsLater(damaged).then(
          (contents) => () => contents,
          (error: unknown) => () => {
            throw error;
          },
        );
        assert.deepEqual(
          outcome(() => contentsNow(damaged)),
          outcome(later),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('may have sizes and places of 64 bits', () => {
    const content = Buffer.from('one line\n');
    assert.deepEqual(contentsNow(zip64('a/b.txt', content)), [['a/b.txt', content]]);
  });

  it('are refused if entries share their bytes, or claim more than they may have', () => {
    const content = Buffer.from(Array.from({ length: 1000 }, (_, at) => (at * 7919) % 251));
    const two = zipSync({ a: content, b: content, c: content }, { level: 0 });
    const [, second = 0] = headers(two, LOCAL);
    const [central = 0] = headers(two, CENTRAL);
    // The content is there once, and each entry has it.
    const shared = Buffer.concat([two.slice(0, second), changed(two, 42, 0).slice(central)]);
    shared.writeUInt32LE(second, shared.length - 6);
    assert.throws(() => contentsNow(shared), refused('a', 'b'));
    assert.throws(() => contentsNow(changed(two, 42, 0)), refused('a', 'b'));
    assert.throws(() => contentsNow(changed(two, 24, 2 ** 31)), refused());
    assert.throws(() => contentsNow(changed(two, 24, 999)), refused('a'));
    assert.throws(() => contentsNow(changed(two, 42, two.length)), refused());
  });

  it('are refused by the name of the entry: other methods, encrypted ones, and bytes of another CRC', () => {
    const bytes = zipSync({ 'x.txt': Buffer.from('some text') }, { level: 0 });
    const [central = 0] = headers(bytes, CENTRAL);
    const method = bytes.slice();
    method[central + 10] = 12;
    assert.throws(() => contentsNow(method), refused('x.txt', '12'));
    const encrypted = bytes.slice();
    encrypted[6] = 1;
    assert.throws(() => contentsNow(encrypted), refused('x.txt'));
    assert.throws(() => contentsNow(changed(bytes, 16, 5)), refused('x.txt'));
    // PyTorch can leave the CRC out.
    assert.deepEqual(contentsNow(changed(bytes, 16, 0)), [['x.txt', Buffer.from('some text')]]);
  });

  it('leave out folders and what macOS adds', () => {
    const bytes = zipSync({ 'a/': new Uint8Array(), 'a/b': Buffer.from('b'), '__MACOSX/a/._b': Buffer.from('x') });
    assert.deepEqual(contentsNow(bytes), [['a/b', Buffer.from('b')]]);
  });
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { deflateRawSync, gzipSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import * as bytes from '../../../src/platform/bytes.ts';
import * as codeCache from '../../../src/platform/codeCache.ts';
import * as compression from '../../../src/platform/compression.ts';
import * as files from '../../../src/platform/files.ts';
import * as hashing from '../../../src/platform/hashing.ts';
import * as system from '../../../src/platform/system.ts';
import * as threads from '../../../src/platform/threads.ts';
import * as webBytes from '../../../src/platform/web/bytes.ts';
import * as webCodeCache from '../../../src/platform/web/codeCache.ts';
import * as webCompression from '../../../src/platform/web/compression.ts';
import * as webFiles from '../../../src/platform/web/files.ts';
import * as webHashing from '../../../src/platform/web/hashing.ts';
import * as webPath from '../../../src/platform/web/path.ts';
import * as webSystem from '../../../src/platform/web/system.ts';
import * as webThreads from '../../../src/platform/web/threads.ts';

/** Modules of the platform and those that replace them. The types of what both export are compared here, too. */
const modules = {
  bytes: [bytes, webBytes satisfies typeof bytes],
  codeCache: [codeCache, webCodeCache satisfies typeof codeCache],
  compression: [compression, webCompression satisfies typeof compression],
  files: [files, webFiles satisfies typeof files],
  hashing: [hashing, webHashing satisfies typeof hashing],
  system: [system, webSystem satisfies Omit<typeof system, 'requireFrom'>],
  threads: [threads, webThreads],
} as const;

const web = join(import.meta.dirname, '../../../src/platform/web');

const chunksOf = (content: Uint8Array, size: number) =>
  (async function* () {
    for (let at = 0; at < content.length; at += size) yield await Promise.resolve(content.subarray(at, at + size));
  })();

async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

const content = fc.uint8Array({ maxLength: 300 });

describe('the platform of a browser', () => {
  for (const [name, [own, other]] of Object.entries(modules))
    it(`exports what that of Node does: ${name}`, () => {
      const missing = Object.keys(own).filter((each) => !(each in other));
      assert.deepEqual(missing, []);
    });

  it('is compared for every module that it replaces', () => {
    const ofNode = new Set(readdirSync(join(web, '..')));
    const replaced = readdirSync(web).filter((file) => ofNode.has(file));
    assert.deepEqual(
      replaced.sort(),
      Object.keys(modules)
        .map((name) => `${name}.ts`)
        .sort(),
    );
  });

  it('computes SHA-256, also piece by piece and from a copy', () => {
    fc.assert(
      fc.property(fc.array(content, { maxLength: 5 }), content, (parts, rest) => {
        const hash = webHashing.newSha256();
        for (const part of parts) hash.update(part);
        const copy = hash.copy();
        const expected = (all: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(all)).digest('hex');
        assert.equal(hash.digest('hex'), expected(parts));
        assert.equal(copy.update(rest).digest('hex'), expected([...parts, rest]));
      }),
    );
    assert.equal(webHashing.sha256Base64('é'), hashing.sha256Base64('é'));
  });

  it('converts bytes and texts as Node does', () => {
    fc.assert(
      fc.property(content, fc.string({ unit: 'binary' }), fc.string(), content, (some, text, ascii, other) => {
        const even = some.subarray(0, some.length & ~1);
        for (const name of ['utf8Text', 'base64Of'] as const) assert.equal(webBytes[name](some), bytes[name](some));
        for (const bigEndian of [false, true])
          assert.equal(webBytes.utf16Text(even, bigEndian), bytes.utf16Text(even, bigEndian));
        assert.deepEqual([...webBytes.utf8Bytes(text)], [...bytes.utf8Bytes(text)]);
        assert.equal(webBytes.utf8Length(text), bytes.utf8Length(text));
        assert.deepEqual([...webBytes.bytesOfBase64(ascii)], [...bytes.bytesOfBase64(ascii)]);
        assert.deepEqual([...webBytes.joinBytes([some, other])], [...bytes.joinBytes([some, other])]);
        assert.equal(webBytes.sameBytes(some, other), bytes.sameBytes(some, other));
        const part = some.subarray(1, 3);
        if (part.length > 0) assert.equal(webBytes.indexOfBytes(some, part, 1), bytes.indexOfBytes(some, part, 1));
      }),
    );
  });

  it('unpacks what Node packs, and refuses what is damaged or too long', async () => {
    await fc.assert(
      fc.asyncProperty(content, content, fc.integer({ min: 1, max: 50 }), async (first, second, size) => {
        const members = Buffer.concat([gzipSync(first), gzipSync(second)]);
        const whole = Buffer.concat([first, second]);
        assert.deepEqual([...(await joined(webCompression.gunzipped(chunksOf(members, size))))], [...whole]);
        assert.deepEqual([...inflateSync(await webCompression.zlibDeflated(whole))], [...whole]);
        const packed = deflateRawSync(whole);
        assert.deepEqual([...(await webCompression.inflated(packed, whole.length))], [...whole]);
        assert.deepEqual([...(webCompression.inflatedNow(packed, whole.length) ?? [])], [...whole]);
        if (whole.length === 0) return;
        await assert.rejects(webCompression.inflated(packed, whole.length - 1));
        assert.equal(webCompression.inflatedNow(packed, whole.length - 1), undefined);
        await assert.rejects(joined(webCompression.gunzipped(chunksOf(members.subarray(0, -9), size))));
      }),
    );
  });

  it('computes with paths as POSIX does', () => {
    const part = fc.oneof(
      fc.constantFrom('', '.', '..', '/', 'a', 'b.txt', '.c', 'd.e.f', 'g.'),
      fc.string({ maxLength: 3 }),
    );
    const path = fc.array(part, { maxLength: 5 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(path, path, (a, b) => {
        assert.equal(webPath.join(a, b), posix.join(a, b));
        assert.equal(webPath.normalize(a), posix.normalize(a));
        assert.equal(webPath.resolve('/x', a, b), posix.resolve('/x', a, b));
        assert.equal(webPath.relative(`/${a}`, `/${b}`), posix.relative(`/${a}`, `/${b}`));
        assert.equal(webPath.dirname(a), posix.dirname(a));
        assert.equal(webPath.basename(a), posix.basename(a));
        assert.equal(webPath.basename(`x/${a}y.txt`, '.txt'), posix.basename(`x/${a}y.txt`, '.txt'));
        assert.equal(webPath.extname(a), posix.extname(a));
        assert.equal(webPath.isAbsolute(a), posix.isAbsolute(a));
      }),
      { numRuns: 1000 },
    );
  });
});

import assert from 'node:assert/strict';
import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { apngBytes, chunksOf } from '../../../src/format/apng.ts';
import { joinBytes } from '../../../src/format/bytes.ts';
import { crc32 } from '../../../src/format/crc32.ts';
import { evenly } from '../../../src/format/evenly.ts';

function part(type: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

/** A gray PNG file with its compressed pixels in pieces. */
function png(width: number, rows: readonly (readonly number[])[], pieces = 1): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(rows.length, 4);
  header[8] = 8;
  const pixels = deflateSync(Uint8Array.from(rows.flatMap((row) => [0, ...row])));
  const size = Math.ceil(pixels.length / pieces);
  const data = Array.from({ length: pieces }, (_, i) => part('IDAT', pixels.subarray(i * size, (i + 1) * size)));
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return joinBytes([
    signature,
    part('IHDR', header),
    part('gAMA', new Uint8Array(4)),
    ...data,
    part('IEND', new Uint8Array()),
  ]);
}

const size = fc.record({ width: fc.integer({ min: 1, max: 6 }), height: fc.integer({ min: 1, max: 5 }) });
const pictures = size.chain(({ width, height }) => {
  const byte = fc.integer({ min: 0, max: 255 });
  const rows = fc.array(fc.array(byte, { minLength: width, maxLength: width }), {
    minLength: height,
    maxLength: height,
  });
  const frame = fc.record({
    rows,
    pieces: fc.integer({ min: 1, max: 3 }),
    milliseconds: fc.integer({ min: 1, max: 60_000 }),
  });
  return fc.record({ width: fc.constant(width), frames: fc.array(frame, { minLength: 1, maxLength: 5 }) });
});

describe('an animated PNG', () => {
  it('has the pixels and times of its pictures in order, with valid checksums and sequence numbers', () => {
    fc.assert(
      fc.property(pictures, ({ width, frames }) => {
        const bytes = apngBytes(
          frames.map(({ rows, pieces, milliseconds }) => ({ png: png(width, rows, pieces), milliseconds })),
        );
        const chunks = chunksOf(bytes);
        assert.deepEqual(bytes, joinBytes([bytes.subarray(0, 8), ...chunks.map(({ type, data }) => part(type, data))]));
        assert.deepEqual(
          chunks.slice(0, 3).map(({ type }) => type),
          ['IHDR', 'acTL', 'gAMA'],
        );
        assert.equal(Buffer.from(chunks[1]!.data).readUInt32BE(0), frames.length);
        const numbered = chunks.filter(({ type }) => type === 'fcTL' || type === 'fdAT');
        assert.deepEqual(
          numbered.map(({ data }) => Buffer.from(data).readUInt32BE(0)),
          numbered.map((_, i) => i),
        );
        const found: { milliseconds: number; data: Uint8Array[] }[] = [];
        for (const { type, data } of chunks) {
          const read = Buffer.from(data);
          if (type === 'fcTL') {
            assert.deepEqual([read.readUInt32BE(4), read.readUInt32BE(8)], [width, frames[0]!.rows.length]);
            found.push({ milliseconds: (1000 * read.readUInt16BE(20)) / read.readUInt16BE(22), data: [] });
          }
          if (type === 'IDAT') found.at(-1)!.data.push(data);
          if (type === 'fdAT') found.at(-1)!.data.push(data.subarray(4));
        }
        assert.deepEqual(
          found.map(({ milliseconds, data }) => ({ milliseconds, rows: [...inflateSync(joinBytes(data))] })),
          frames.map(({ milliseconds, rows }) => ({ milliseconds, rows: rows.flatMap((row) => [0, ...row]) })),
        );
      }),
    );
  });

  it('refuses no pictures, pictures of different sizes, and other files', () => {
    const picture = { png: png(2, [[1, 2]]), milliseconds: 10 };
    assert.throws(() => apngBytes([]), RangeError);
    assert.throws(() => apngBytes([picture, { png: png(1, [[1]]), milliseconds: 10 }]), RangeError);
    assert.throws(() => apngBytes([{ png: Uint8Array.of(1, 2, 3), milliseconds: 10 }]));
    assert.throws(() => apngBytes([{ png: picture.png.subarray(0, -12), milliseconds: 10 }]));
  });
});

describe('indices at even distances', () => {
  it('are distinct, ascending, and have the first and the last one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 2, max: 200 }), (count, limit) => {
        const indices = evenly(count, limit);
        assert.equal(indices.length, Math.min(count, limit));
        assert.deepEqual([indices[0], indices.at(-1)], [0, count - 1]);
        indices.slice(1).forEach((index, i) => assert.ok(index > indices[i]!));
      }),
    );
  });
});

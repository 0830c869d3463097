import assert from 'node:assert/strict';
import { constants, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { mostUnpacked, unpackZstd } from '../../../../src/data/packed/zstd.ts';

describe('zstd', () => {
  it('unpacks what was packed, and takes no memory for more than its blocks can have', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.nat(5000),
        fc.integer({ min: 1, max: 19 }),
        fc.boolean(),
        (piece, times, level, checked) => {
          const bytes = Buffer.concat(Array.from({ length: times }, () => piece));
          const params = {
            [constants.ZSTD_c_compressionLevel]: level,
            [constants.ZSTD_c_checksumFlag]: Number(checked),
          };
          const packed = zstdCompressSync(bytes, { params });
          const most = mostUnpacked(packed);
          assert.ok(most >= bytes.length);
          assert.ok(most <= bytes.length + 2 ** 17);
          assert.deepEqual(Buffer.from(unpackZstd(packed, bytes.length)), bytes);
          assert.throws(() => unpackZstd(packed, most + 1), Error);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('bounds damaged data, too', () => {
    const packed = zstdCompressSync(Buffer.from('soup of the day '.repeat(99)));
    fc.assert(
      fc.property(fc.nat(packed.length - 1), fc.nat(255), fc.nat(packed.length), (at, byte, length) => {
        const damaged = Uint8Array.from(packed);
        damaged[at] = byte;
        assert.ok(mostUnpacked(damaged.subarray(0, length)) <= 2 ** 17 * packed.length);
      }),
    );
  });
});

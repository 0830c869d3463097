import { decompressZstd } from 'hyparquet-compressors';

const [FRAME, SKIPPED, SKIPPED_KINDS] = [0xfd2fb528, 0x184d2a50, 16];
const RUN = 1;
const COMPRESSED = 2;
/** Most bytes of a compressed block, unpacked. */
const LARGEST_BLOCK = 2 ** 17;

/**
 * Unpacks zstd. Memory is taken only for as many bytes as the blocks can have.
 * @param length bytes of the result
 * @throws Error for damaged data, and for blocks that cannot have so many bytes
 */
export function unpackZstd(bytes: Uint8Array, length: number): Uint8Array {
  if (length > mostUnpacked(bytes)) throw new Error('A part packed with zstd claims to be longer than its blocks.');
  return decompressZstd(bytes, new Uint8Array(length));
}

/** Most bytes, unpacked, of frames of zstd, by the headers of their blocks. Source: RFC 8878, section 3.1. */
export function mostUnpacked(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [at, most] = [0, 0];
  while (at + 4 < bytes.length) {
    const magic = view.getUint32(at, true);
    if (magic >= SKIPPED && magic < SKIPPED + SKIPPED_KINDS) {
      if (at + 8 > bytes.length) return most;
      at += 8 + view.getUint32(at + 4, true);
      continue;
    }
    if (magic !== FRAME) return most;
    const flags = bytes[at + 4]!;
    const isSingle = (flags & 0x20) !== 0;
    const contentSize = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6]!;
    at += 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][flags & 3]! + contentSize;
    for (let isLast = false; !isLast;) {
      if (at + 3 > bytes.length) return most;
      const header = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
      const [type, size] = [(header >> 1) & 3, header >> 3];
      isLast = (header & 1) !== 0;
      most += type === COMPRESSED ? LARGEST_BLOCK : size;
      at += 3 + (type === RUN ? 1 : size);
    }
    at += (flags & 4) !== 0 ? 4 : 0;
  }
  return most;
}

/** Unpacks frames of LZ4, as Arrow files have them. Source: https://github.com/lz4/lz4/tree/dev/doc, frame format 1.6. */

const MAGIC = 0x184d2204;
const UNCOMPRESSED = 0x80000000;
const SHORTEST_MATCH = 4;
/** Most unpacked bytes of a packed one: a length grows by at most 255 with each byte. */
const LARGEST_RATIO = 255;

/**
 * @param length bytes of the result
 * @throws Error for damaged data, and for more bytes than the result has
 */
export function decodeLz4Frame(bytes: Uint8Array, length: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (length > LARGEST_RATIO * bytes.length)
    throw new Error('A part packed with LZ4 claims to be longer than it can be.');
  const output = new Uint8Array(length);
  if (view.getUint32(0, true) !== MAGIC) throw new Error('It is not a frame of LZ4.');
  const flags = view.getUint8(4);
  const has = (bit: number) => (flags & bit) !== 0;
  // Flags and block size, the size of the content, the number of a dictionary, and a checksum of the header.
  let at = 4 + 2 + (has(0x08) ? 8 : 0) + (has(0x01) ? 4 : 0) + 1;
  let end = 0;
  for (;;) {
    const head = view.getUint32(at, true);
    at += 4;
    if (head === 0) return end === length ? output : output.subarray(0, end);
    const size = head % UNCOMPRESSED;
    if (at + size > bytes.length) throw new Error('A block of LZ4 is cut off.');
    const block = bytes.subarray(at, at + size);
    if (head >= UNCOMPRESSED) {
      if (end + size > length) throw new Error('A block of LZ4 is too long.');
      output.set(block, end);
      end += size;
    } else end = decodeBlock(block, output, end);
    at += size + (has(0x10) ? 4 : 0);
  }
}

/** Unpacks a block, which may repeat what earlier blocks have. @returns the place after it */
function decodeBlock(block: Uint8Array, output: Uint8Array, start: number): number {
  let [at, end] = [0, start];
  const lengthOf = (first: number): number => {
    let length = first;
    if (first < 15) return length;
    for (;;) {
      const more = block[at++];
      if (more === undefined) throw new Error('A block of LZ4 is cut off.');
      length += more;
      if (more < 255) return length;
    }
  };
  while (at < block.length) {
    const token = block[at++]!;
    const literals = lengthOf(token >> 4);
    if (at + literals > block.length || end + literals > output.length) throw new Error('A block of LZ4 is too long.');
    output.set(block.subarray(at, at + literals), end);
    at += literals;
    end += literals;
    if (at >= block.length) break;
    const distance = block[at]! | ((block[at + 1] ?? 0) << 8);
    at += 2;
    const length = lengthOf(token & 15) + SHORTEST_MATCH;
    if (distance === 0 || distance > end || end + length > output.length) throw new Error('A block of LZ4 is damaged.');
    // Byte by byte: what is repeated may overlap with the repetition.
    for (let i = 0; i < length; i++) output[end + i] = output[end - distance + i]!;
    end += length;
  }
  return end;
}

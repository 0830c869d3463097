import { Gunzip, Inflate, inflateSync, zlibSync } from 'fflate';
import { joinBytes } from './bytes.ts';

/** As `src/platform/compression.ts`, in a browser, whose `DecompressionStream` refuses several members of gzip. */

interface Unpacking {
  ondata: ((chunk: Uint8Array<ArrayBuffer>, final: boolean) => void) | undefined;
  push(chunk: Uint8Array, final?: boolean): void;
}

/** Bytes after a member of gzip: the checksum and the length of what is unpacked, 32 bits each. */
const TRAILER_BYTES = 8;

export async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unpacking = new Gunzip();
  let [checksum, length] = [0, 0];
  unpacking.onmember = () => ([checksum, length] = [0, 0]);
  let trailer: Uint8Array = new Uint8Array();
  const packed = (async function* () {
    for await (const chunk of chunks) {
      trailer = joinBytes([trailer, chunk.subarray(-TRAILER_BYTES)]).slice(-TRAILER_BYTES);
      yield chunk;
    }
  })();
  yield* through(packed, unpacking, (chunk) => {
    checksum = crc32(chunk, checksum);
    length += chunk.length;
  });
  // The end of the data is not noticed while they are unpacked.
  const expected = trailer.length < TRAILER_BYTES ? undefined : new DataView(trailer.buffer, trailer.byteOffset);
  if (expected?.getUint32(0, true) !== checksum || expected.getUint32(4, true) !== length % 2 ** 32) throw damaged();
}

/** Values of the checksum of each byte, `[256]`. */
const CHECKSUMS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 of bytes that follow others. */
function crc32(bytes: Uint8Array, before: number): number {
  let value = ~before;
  for (const byte of bytes) value = (CHECKSUMS[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return ~value >>> 0;
}

function damaged(cause?: unknown): Error {
  return Object.assign(new Error('The packed data are damaged or cut off.', { cause }), { code: 'Z_DATA_ERROR' });
}

export async function* inflatedChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* through(chunks, new Inflate());
}

async function* through(
  chunks: AsyncIterable<Uint8Array>,
  unpacking: Unpacking,
  onChunk: (chunk: Uint8Array) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  unpacking.ondata = (chunk) => {
    onChunk(chunk);
    ready.push(chunk);
  };
  const take = (push: () => void): Uint8Array[] => {
    ready = [];
    try {
      push();
    } catch (error) {
      throw damaged(error);
    }
    return ready;
  };
  for await (const chunk of chunks) yield* take(() => unpacking.push(chunk));
  yield* take(() => unpacking.push(new Uint8Array(), true));
}

export async function inflated(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of inflatedChunks(once(bytes))) {
    length += chunk.length;
    if (length > most) throw new Error('The unpacked data are longer than allowed.');
    parts.push(chunk);
  }
  return joinBytes(parts);
}

export function inflatedNow(bytes: Uint8Array, most: number): Uint8Array | undefined {
  try {
    // A result that does not fit ends with an error: the memory is given.
    const unpacked = inflateSync(bytes, { out: new Uint8Array(most + 1) });
    return unpacked.length > most ? undefined : unpacked;
  } catch {
    return undefined;
  }
}

export function zlibDeflated(bytes: Uint8Array): Promise<Uint8Array> {
  return Promise.resolve(zlibSync(bytes, { level: 9 }));
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

import { pipeline, Readable, type Transform } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, createInflateRaw, deflate, inflateRaw, inflateRawSync } from 'node:zlib';

/** Bytes that are unpacked at a time. */
const CHUNK_BYTES = 2 ** 18;

/**
 * Unpacks gzip data while they arrive, also several members one after another.
 * @throws Error with the code `Z_DATA_ERROR` for damaged data, `Z_BUF_ERROR` for data that are cut off
 */
export async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* through(chunks, createGunzip({ chunkSize: CHUNK_BYTES }));
}

/**
 * Unpacks deflated bytes without a header while they arrive.
 * @throws Error for damaged data, and for data that are cut off
 */
export async function* inflatedChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* through(chunks, createInflateRaw({ chunkSize: CHUNK_BYTES }));
}

async function* through(chunks: AsyncIterable<Uint8Array>, unpacking: Transform): AsyncGenerator<Uint8Array> {
  // An error of the source destroys the stream, and is thrown by the loop.
  pipeline(Readable.from(chunks), unpacking, () => undefined);
  for await (const chunk of unpacking) yield chunk as Buffer;
}

const inflate = promisify<Uint8Array, { readonly maxOutputLength: number }, Buffer>(inflateRaw);

/**
 * Unpacks deflated bytes without a header.
 * @param most bytes of the result
 * @throws Error for damaged data, and for a result that is longer
 */
export async function inflated(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  return inflate(bytes, { maxOutputLength: Math.max(1, most) });
}

/** As `inflated`, at once. @returns undefined for damaged data, and for a result that is longer */
export function inflatedNow(bytes: Uint8Array, most: number): Uint8Array | undefined {
  try {
    return inflateRawSync(bytes, { maxOutputLength: Math.max(1, most) });
  } catch {
    return undefined;
  }
}

const deflateBytes = promisify<Uint8Array, { readonly level: number }, Buffer>(deflate);

/** Compresses bytes as well as zlib can, with its header. */
export async function zlibDeflated(bytes: Uint8Array): Promise<Uint8Array> {
  return deflateBytes(bytes, { level: 9 });
}

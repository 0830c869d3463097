import { joinBytes } from '../../platform/bytes.ts';
import { fileChunks, type Files } from '../../platform/files.ts';

/** Bytes that are read and written at a time. */
export const CHUNK_BYTES = 2 ** 20;

/** Writes a new file from chunks that arrive, and flushes it. */
export async function writeChunks(path: string, chunks: AsyncIterable<Uint8Array>, files: Files): Promise<void> {
  let [pending, bytes, isBegun]: [Uint8Array[], number, boolean] = [[], 0, false];
  for await (const chunk of chunks) {
    pending.push(chunk);
    bytes += chunk.length;
    if (bytes < CHUNK_BYTES) continue;
    await files.append(path, joinBytes(pending));
    [pending, bytes, isBegun] = [[], 0, true];
  }
  await (isBegun ? files.appendFlushed(path, joinBytes(pending)) : files.writeFlushed(path, joinBytes(pending)));
}

/** The first bytes of a file, in chunks. */
export async function* firstBytes(path: string, length: number): AsyncGenerator<Uint8Array> {
  let left = length;
  if (left === 0) return;
  for await (const chunk of fileChunks(path, CHUNK_BYTES)) {
    const part = chunk.subarray(0, left);
    yield part;
    left -= part.length;
    if (left === 0) return;
  }
}

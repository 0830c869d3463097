import { yieldToEventLoop } from '../platform/system.ts';
import { type IdArray, type IdChunks, TokenSequence } from './tokenSequence.ts';

/** Ids that are replaced at a time, which fit into the cache of a processor. */
const BLOCK = 2 ** 14;

/**
 * Growing list of ids in the narrowest arrays that hold them. A chunk starts with one byte per id and is only widened
 * if an id needs it; full chunks keep their width. Most texts fit into one byte per character and take no more memory
 * than on disk.
 */
export class IdStore implements IdChunks {
  readonly chunks: IdArray[] = [];
  readonly chunkLength: number;
  length = 0;

  /** @param chunkLength number of ids per chunk, which is the unit of widening and the maximum unused space */
  constructor(chunkLength = 2 ** 20) {
    this.chunkLength = chunkLength;
  }

  /**
   * Appends the first `count` of `ids`.
   * @param limit upper bound (exclusive) of the ids; it may grow from call to call
   */
  append(ids: Int32Array, count: number, limit: number): void {
    for (let done = 0; done < count;) {
      const offset = this.length % this.chunkLength;
      const index = Math.floor(this.length / this.chunkLength);
      const run = Math.min(count - done, this.chunkLength - offset);
      const chunk = widened(this.chunks[index] ?? new Uint8Array(this.chunkLength), limit);
      chunk.set(ids.subarray(done, done + run), offset);
      this.chunks[index] = chunk;
      this.length += run;
      done += run;
    }
  }

  /**
   * Replaces every id by `newIds[id]`, chunk by chunk, in place if the new ids fit.
   * @param limit upper bound (exclusive) of the new ids
   * @throws the signal's reason if it is aborted; the store cannot be used afterwards
   */
  async remap(newIds: Uint32Array, limit: number, signal?: AbortSignal): Promise<void> {
    const ids = new Uint32Array(Math.min(BLOCK, this.chunkLength));
    for (let c = 0; c < this.chunks.length; c++) {
      const chunk = widened(this.chunks[c]!, limit);
      const used = Math.min(this.chunkLength, this.length - c * this.chunkLength);
      for (let start = 0; start < used; start += ids.length) {
        const count = Math.min(ids.length, used - start);
        // In one kind of array, the loop is several times as fast.
        ids.set(chunk.subarray(start, start + count));
        for (let i = 0; i < count; i++) ids[i] = newIds[ids[i]!]!;
        chunk.set(count === ids.length ? ids : ids.subarray(0, count), start);
      }
      this.chunks[c] = chunk;
      await yieldToEventLoop(signal);
    }
  }

  /** Returns the ids in [start, end). */
  sequence(start: number, end: number): TokenSequence {
    return new TokenSequence(this, start, end - start);
  }
}

/** Returns the array itself if ids below `limit` fit, otherwise a wider copy. */
function widened(ids: IdArray, limit: number): IdArray {
  const bytes = limit <= 2 ** 8 ? 1 : limit <= 2 ** 16 ? 2 : 4;
  if (ids.BYTES_PER_ELEMENT >= bytes) return ids;
  return bytes === 2 ? new Uint16Array(ids) : new Uint32Array(ids);
}

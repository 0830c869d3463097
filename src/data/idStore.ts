import { yieldTurn } from '../platform/system.ts';
import { type IdArray, type IdChunks, TokenSequence } from './tokenSequence.ts';

/**
 * A growing list of ids at the smallest size that holds them: a chunk starts as bytes and is widened
 * only when an id comes that needs it, and chunks that are full stay as narrow as they are. Text by the
 * hundred megabytes mostly fits one byte a character, so it costs no more here than on disk.
 */
export class IdStore implements IdChunks {
  readonly chunks: IdArray[] = [];
  readonly chunkLength: number;
  length = 0;

  /** @param chunkLength ids in a chunk; what is widened at once and what the last chunk may waste */
  constructor(chunkLength = 2 ** 20) {
    this.chunkLength = chunkLength;
  }

  /**
   * Appends the first `count` of `ids`.
   * @param limit above every id, here and in what follows; it may grow from call to call
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
   * Replaces every id by `newIds[id]`, chunk after chunk, in place where the new ids fit.
   * @param limit above every new id
   * @throws the reason of the signal once it is aborted; the store is of no use then.
   */
  async remap(newIds: Uint32Array, limit: number, signal?: AbortSignal): Promise<void> {
    for (let c = 0; c < this.chunks.length; c++) {
      const chunk = widened(this.chunks[c]!, limit);
      const used = Math.min(this.chunkLength, this.length - c * this.chunkLength);
      for (let i = 0; i < used; i++) chunk[i] = newIds[chunk[i]!]!;
      this.chunks[c] = chunk;
      await yieldTurn(signal);
    }
  }

  /** The ids from `start` up to and without `end`. */
  sequence(start: number, end: number): TokenSequence {
    return new TokenSequence(this, start, end - start);
  }
}

/** The array itself when ids below `limit` fit, otherwise a copy that is wide enough. */
function widened(ids: IdArray, limit: number): IdArray {
  const bytes = limit <= 2 ** 8 ? 1 : limit <= 2 ** 16 ? 2 : 4;
  if (ids.BYTES_PER_ELEMENT >= bytes) return ids;
  return bytes === 2 ? new Uint16Array(ids) : new Uint32Array(ids);
}

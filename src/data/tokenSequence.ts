/** Ids in the narrowest array that holds them. */
export type IdArray = Uint8Array | Uint16Array | Uint32Array;

/** Ids in chunks of equal length (the last one may be only partly used), so that no array is ever huge. */
export interface IdChunks {
  readonly chunks: readonly IdArray[];
  readonly chunkLength: number;
}

/** A read-only range of token ids; views share the memory of what they were cut from. */
export class TokenSequence {
  readonly length: number;
  readonly #storage: IdChunks;
  readonly #start: number;

  constructor(storage: IdChunks, start: number, length: number) {
    this.#storage = storage;
    this.#start = start;
    this.length = length;
  }

  static of(ids: ArrayLike<number>): TokenSequence {
    return new TokenSequence({ chunks: [Uint32Array.from(ids)], chunkLength: Math.max(1, ids.length) }, 0, ids.length);
  }

  /** @throws RangeError outside of the sequence. */
  at(index: number): number {
    const one = new Int32Array(1);
    this.copyTo(one, 0, index, 1);
    return one[0] ?? 0;
  }

  /**
   * Copies `count` ids from `start` on.
   * @throws RangeError where the ids or their place in the target do not exist.
   */
  copyTo(target: Int32Array, targetOffset: number, start: number, count: number): void {
    this.#checkRange(start, start + count);
    const { chunks, chunkLength } = this.#storage;
    let from = this.#start + start;
    for (let done = 0; done < count;) {
      const offset = from % chunkLength;
      const chunk = chunks[Math.floor(from / chunkLength)]!;
      const run = Math.min(count - done, chunkLength - offset);
      target.set(chunk.subarray(offset, offset + run), targetOffset + done);
      done += run;
      from += run;
    }
  }

  /** The range from `start` up to and without `end`. @throws RangeError outside of the sequence. */
  view(start: number, end = this.length): TokenSequence {
    this.#checkRange(start, end);
    return new TokenSequence(this.#storage, this.#start + start, end - start);
  }

  /** The whole sequence in blocks, in order. Every block is the same array refilled: use it at once. */
  *blocks(blockLength = 2 ** 16): Generator<Int32Array> {
    const block = new Int32Array(Math.min(blockLength, this.length));
    for (let start = 0; start < this.length; start += block.length) {
      const count = Math.min(block.length, this.length - start);
      this.copyTo(block, 0, start, count);
      yield block.subarray(0, count);
    }
  }

  #checkRange(start: number, end: number): void {
    if (start >= 0 && start <= end && end <= this.length) return;
    throw new RangeError(`Tokens ${start} to ${end} are not all within a sequence of ${this.length}.`);
  }
}

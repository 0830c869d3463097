/** Array types for ids; the narrowest that fits is used. */
export type IdArray = Uint8Array | Uint16Array | Uint32Array;

/** Ids in chunks of equal length, which avoids huge arrays. The last chunk may be partly used. */
export interface IdChunks {
  readonly chunks: readonly IdArray[];
  readonly chunkLength: number;
}

/** Read-only range of token ids. Views share memory with their source. */
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

  /** @throws RangeError if the index is outside of the sequence */
  at(index: number): number {
    const one = new Int32Array(1);
    this.copyTo(one, 0, index, 1);
    return one[0] ?? 0;
  }

  /**
   * Copies `count` ids, beginning with `start`.
   * @throws RangeError if the range is outside of the sequence or the target
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

  /** Returns a view of [start, end). @throws RangeError if the range is outside of the sequence */
  view(start: number, end = this.length): TokenSequence {
    this.#checkRange(start, end);
    return new TokenSequence(this.#storage, this.#start + start, end - start);
  }

  /** Yields the sequence in blocks, in order. All blocks reuse one array. */
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
    throw new RangeError(`Tokens ${start} to ${end} are outside of a sequence of ${this.length}.`);
  }
}

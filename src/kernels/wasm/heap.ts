/** Alignment of blocks in bytes: a cache line, so that writes to different tensors never share one. */
const ALIGNMENT = 64;
const PAGE = 65_536;
/** Minimum number of pages to grow by, because growing is slow. */
const GROWTH_PAGES = 256;

interface Block {
  start: number;
  end: number;
}

/**
 * Allocator for tensors and scratch memory of the kernels: best fit from a list of free blocks; adjacent free blocks
 * are merged.
 */
export class Heap {
  readonly #memory: WebAssembly.Memory;
  /** Free blocks in order of address; no two are adjacent. */
  readonly #free: Block[] = [];
  readonly #sizes = new Map<number, number>();
  #end: number;
  #used = 0;

  /** @param start first address that may be allocated */
  constructor(memory: WebAssembly.Memory, start: number) {
    this.#memory = memory;
    this.#end = start;
  }

  /** Bytes in use, and total bytes of the memory. */
  get usage(): { used: number; reserved: number } {
    return { used: this.#used, reserved: this.#memory.buffer.byteLength };
  }

  /** @throws RangeError if the memory is full */
  allocate(bytes: number): number {
    const size = Math.max(1, Math.ceil(bytes / ALIGNMENT)) * ALIGNMENT;
    const start = this.#take(size) ?? this.#extend(size);
    this.#sizes.set(start, size);
    this.#used += size;
    return start;
  }

  free(start: number): void {
    const size = this.#sizes.get(start);
    if (size === undefined) throw new Error(`No block is allocated at ${start}.`);
    this.#sizes.delete(start);
    this.#used -= size;
    this.#release({ start, end: start + size });
  }

  #take(size: number): number | undefined {
    let best: Block | undefined;
    for (const block of this.#free) {
      const room = block.end - block.start;
      if (room >= size && (best === undefined || room < best.end - best.start)) best = block;
    }
    if (!best) return undefined;
    const { start } = best;
    best.start += size;
    if (best.start === best.end) this.#free.splice(this.#free.indexOf(best), 1);
    return start;
  }

  #extend(size: number): number {
    const last = this.#free.at(-1);
    const start = last?.end === this.#end ? last.start : this.#end;
    const end = start + size;
    const missing = Math.ceil((end - this.#memory.buffer.byteLength) / PAGE);
    if (missing > 0) this.#grow(missing, size);
    if (last && start === last.start) this.#free.pop();
    this.#end = end;
    return start;
  }

  #grow(pages: number, size: number): void {
    for (const amount of [Math.max(pages, GROWTH_PAGES), pages]) {
      try {
        this.#memory.grow(amount);
        return;
      } catch (error) {
        if (!(error instanceof RangeError) || amount !== pages) continue;
        const { used } = this.usage;
        const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
        throw new RangeError(
          `The kernel memory is full: ${megabytes(used)} in use, ${megabytes(size)} more needed. Reduce the batch size or the model size.`,
          { cause: error },
        );
      }
    }
  }

  #release(block: Block): void {
    let index = this.#free.findIndex(({ start }) => start > block.start);
    if (index < 0) index = this.#free.length;
    const before = this.#free[index - 1];
    const after = this.#free[index];
    const touchesBefore = before?.end === block.start;
    const touchesAfter = after?.start === block.end;
    if (touchesBefore && touchesAfter) {
      before.end = after.end;
      this.#free.splice(index, 1);
    } else if (touchesBefore) before.end = block.end;
    else if (touchesAfter) after.start = block.start;
    else this.#free.splice(index, 0, block);
  }
}

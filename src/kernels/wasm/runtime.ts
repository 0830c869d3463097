import { nextMessage, startThread, type Thread } from '../../platform/threads.ts';
import { Heap } from './heap.ts';
import { type Job, layout } from './layout.ts';
import { type Build, instantiate, type KernelExports } from './module.ts';
import type { HelperTask } from './thread.ts';

const LARGEST_PAGES = 65_536;
/** Minimum number of operations per thread: with fewer, waking a thread takes longer than its work. */
const OPERATIONS_PER_THREAD = 6_000_000;

const helperEntry = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './wasmThread.js', import.meta.url);

/** WebAssembly kernels with their memory and threads. */
export class WasmRuntime {
  readonly kernels: KernelExports;
  readonly heap: Heap;
  /** Maximum number of threads that share a job. */
  readonly threads: number;
  readonly build: Build;
  readonly #memory: WebAssembly.Memory;
  /** Cached `#memory.buffer`, whose getter is slow. */
  #buffer: ArrayBufferLike;
  readonly #helpers: readonly Thread[];
  readonly #integers: Int32Array;
  readonly #floats: Float32Array;

  private constructor(kernels: KernelExports, memory: WebAssembly.Memory, helpers: readonly Thread[], build: Build) {
    this.kernels = kernels;
    this.build = build;
    this.threads = helpers.length + 1;
    this.heap = new Heap(memory, layout.HEAP);
    this.#memory = memory;
    this.#buffer = memory.buffer;
    this.#helpers = helpers;
    this.#integers = new Int32Array(memory.buffer, layout.ARGUMENTS, 128);
    this.#floats = new Float32Array(memory.buffer, layout.ARGUMENTS, 128);
  }

  /** Creates a runtime that only uses the calling thread. */
  static alone(module: WebAssembly.Module, build: Build): WasmRuntime {
    const memory = newMemory();
    return new WasmRuntime(instantiate(module, memory, build.wide), memory, [], build);
  }

  /** Creates a runtime with `threads - 1` helper threads; the calling thread works too. */
  static async start(module: WebAssembly.Module, threads: number, build: Build): Promise<WasmRuntime> {
    const { wide } = build;
    const memory = newMemory();
    const kernels = instantiate(module, memory, wide);
    const helpers = Array.from({ length: threads - 1 }, (_, index) => {
      const workerData: HelperTask = { module, memory, wide, thread: index + 1 };
      return startThread(helperEntry, { workerData, name: `kernels ${index + 1}` });
    });
    await Promise.all(helpers.map((helper) => nextMessage(helper)));
    // Helpers never exit, so they must not keep the process alive.
    for (const helper of helpers) helper.unref();
    return new WasmRuntime(kernels, memory, helpers, build);
  }

  /** Returns the number of threads worth using for a job. */
  threadsFor(operations: number): number {
    return Math.max(1, Math.min(this.threads, Math.floor(operations / OPERATIONS_PER_THREAD)));
  }

  /**
   * Runs a job and waits until it is finished.
   * @param integers first arguments: pointers, sizes and flags
   * @param floats arguments after the integers
   * @throws Error if a helper does not respond
   */
  run(job: Job, threads: number, integers: readonly number[], floats: readonly number[] = []): void {
    this.#integers.set(integers);
    this.#floats.set(floats, integers.length);
    if (this.kernels.run(job, threads, this.#helpers.length) === 0) {
      throw new Error('A kernel thread does not respond. Resume the run from its last checkpoint.');
    }
  }

  /** Returns a view of the memory, which stays valid when the memory grows. */
  float32(pointer: number, length: number): Float32Array {
    return new Float32Array(this.#bufferUpTo(pointer + 4 * length), pointer, length);
  }

  int32(pointer: number, length: number): Int32Array {
    return new Int32Array(this.#bufferUpTo(pointer + 4 * length), pointer, length);
  }

  /** Partial sums of the last job, one per thread, or one per tensor and thread. */
  partialSums(count: number): Float64Array {
    return new Float64Array(this.#memory.buffer, layout.PARTIAL_SUMS, count);
  }

  /** Allocates memory for the duration of a call. */
  withScratch<T>(bytes: number, use: (pointer: number) => T): T {
    const pointer = this.heap.allocate(bytes);
    try {
      return use(pointer);
    } finally {
      this.heap.free(pointer);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#helpers.map((helper) => helper.terminate()));
  }

  #bufferUpTo(end: number): ArrayBufferLike {
    if (end > this.#buffer.byteLength) this.#buffer = this.#memory.buffer;
    return this.#buffer;
  }
}

function newMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 256, maximum: LARGEST_PAGES, shared: true });
}

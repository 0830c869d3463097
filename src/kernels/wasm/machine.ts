import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Heap } from './heap.ts';
import type { Job } from './jobs.ts';
import { instantiate, type KernelExports } from './module.ts';
import type { HelperTask } from './thread.ts';

/** Addresses of assembly/layout.ts. */
const ARGUMENTS = 512;
const PARTIAL_SUMS = 4096;
const HEAP = 65_536;

const LARGEST_PAGES = 65_536;
/** Operations that are worth a thread: below, waking it takes longer than the work. */
const OPERATIONS_A_THREAD = 6_000_000;

const helperEntry = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './wasmThread.js', import.meta.url);

/** The kernels with their memory and threads. */
export class Machine {
  readonly kernels: KernelExports;
  readonly heap: Heap;
  /** Most threads that share a job. */
  readonly threads: number;
  readonly wide: boolean;
  readonly #memory: WebAssembly.Memory;
  /** The memory as it was last seen: asking for it takes longer than looking at it. */
  #buffer: ArrayBufferLike;
  readonly #helpers: readonly Worker[];
  readonly #integers: Int32Array;
  readonly #floats: Float32Array;

  private constructor(kernels: KernelExports, memory: WebAssembly.Memory, helpers: readonly Worker[], wide: boolean) {
    this.kernels = kernels;
    this.wide = wide;
    this.threads = helpers.length + 1;
    this.heap = new Heap(memory, HEAP);
    this.#memory = memory;
    this.#buffer = memory.buffer;
    this.#helpers = helpers;
    this.#integers = new Int32Array(memory.buffer, ARGUMENTS, 128);
    this.#floats = new Float32Array(memory.buffer, ARGUMENTS, 128);
  }

  /** The kernels on the calling thread only. */
  static alone(module: WebAssembly.Module, wide: boolean): Machine {
    const memory = newMemory();
    return new Machine(instantiate(module, memory, wide), memory, [], wide);
  }

  /** Starts the kernels and all but one of the threads: the calling thread works too. */
  static async start(module: WebAssembly.Module, threads: number, wide: boolean): Promise<Machine> {
    const memory = newMemory();
    const kernels = instantiate(module, memory, wide);
    const helpers = Array.from({ length: threads - 1 }, (_, index) => {
      const workerData: HelperTask = { module, memory, wide, thread: index + 1 };
      return new Worker(helperEntry, { workerData, name: `kernels ${index + 1}` });
    });
    await Promise.all(helpers.map((helper) => once(helper, 'message')));
    // Helpers wait without end; they must not keep the process alive.
    for (const helper of helpers) helper.unref();
    return new Machine(kernels, memory, helpers, wide);
  }

  /** How many threads a job of so many operations is worth. */
  threadsFor(operations: number): number {
    return Math.max(1, Math.min(this.threads, Math.floor(operations / OPERATIONS_A_THREAD)));
  }

  /**
   * Does a job and returns when it is done.
   * @param integers its first arguments: pointers, sizes and switches
   * @param floats those that follow
   */
  run(job: Job, threads: number, integers: readonly number[], floats: readonly number[] = []): void {
    this.#integers.set(integers);
    this.#floats.set(floats, integers.length);
    if (this.kernels.run(job, threads, this.#helpers.length) === 0) {
      throw new Error('A thread of the kernels does not answer; the run can be resumed from its last checkpoint.');
    }
  }

  /** Memory as numbers. The view stays good when the memory grows. */
  float32(pointer: number, length: number): Float32Array {
    return new Float32Array(this.#bufferUpTo(pointer + 4 * length), pointer, length);
  }

  int32(pointer: number, length: number): Int32Array {
    return new Int32Array(this.#bufferUpTo(pointer + 4 * length), pointer, length);
  }

  /** What a job left for each of its threads, or for each of several tensors and its threads. */
  partialSums(count: number): Float64Array {
    return new Float64Array(this.#memory.buffer, PARTIAL_SUMS, count);
  }

  /** Memory for the length of a call. */
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

import { phrase, type Text, PhrasedError } from '../phrases/phrase.ts';

/** Locations of backends on this machine, and their limits. */
export interface BackendEnvironment {
  /** The folder that the extension and the command line share; an installed native TensorFlow is in it. */
  readonly home: string;
  /** Folder of an installed `@tensorflow/tfjs-node`; if empty, the usual places are searched. */
  readonly tensorflowPath: string;
  /** Number of threads; 0 or undefined lets the backend choose. */
  readonly threads?: number | undefined;
  /** Most threads if their number is left to the backend; undefined: all processors. */
  readonly mostThreads?: number | undefined;
  /** Whether V8's experimental 256-bit vectors may be enabled, for the whole process. */
  readonly wideSimd?: boolean | undefined;
  /** Build of the WebAssembly kernels to prefer, to repeat the numbers of a run; undefined: the fastest. */
  readonly simd?: string | undefined;
  /** Whether the trainer runs in a separate process, which native code may abort. */
  readonly ownProcess?: boolean | undefined;
}

/** A backend that is loaded and set. */
interface LoadedBackend {
  readonly name: string;
  /** The GPU's name, or "CPU, N threads". */
  readonly device: Text;
  readonly threads: number;
  readonly version: string;
  /** Build of the WebAssembly kernels, such as `relaxed-wide`; undefined if the backend has none. */
  readonly simd?: string;
  /** The GPU is emulated in software: `auto` does not choose it. */
  readonly software?: boolean;
  /**
   * Peak GFLOP/s of matrix products on all threads, measured by each call; undefined if unknown.
   */
  peakGigaflops?(): number;
}

/** A set of kernels and how to load it. A worker thread uses one backend. */
export interface Backend {
  readonly name: 'wasm' | 'tensorflow' | 'webgpu' | 'reference';
  /** True for a backend that `auto` times only if no other loads. */
  readonly fallback?: boolean;
  /**
   * Its native code may abort the process: it is loaded in a separate process, and timed in a temporary one.
   */
  readonly ownProcess?: boolean;
  /**
   * Checks whether the backend could be loaded, without loading anything.
   * @returns the reason why it cannot, or undefined
   */
  unavailable(environment: BackendEnvironment): Text | undefined;
  /**
   * Thread counts that `auto` times.
   * @param wanted the number that the user set; 0 for a free choice
   * @param most most threads of a free choice; undefined: all processors
   */
  threadCounts(wanted: number, most?: number): readonly number[];
  /**
   * Loads the backend, registers our kernels and sets it for this thread.
   * @throws BackendUnavailableError with the reason
   */
  load(environment: BackendEnvironment): Promise<LoadedBackend>;
}

/** A backend cannot be used here. The message is the reason, for the user. */
export class BackendUnavailableError extends PhrasedError {
  override readonly name = 'BackendUnavailableError';
}

/** The name of the CPU as a device, on screen. */
export function cpuName(threads: number): Text {
  return threads === 1 ? phrase('CPU, 1 thread') : phrase('CPU, {0} threads', threads);
}

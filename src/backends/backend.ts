/** What a backend needs to know of the machine it is looked for on. */
export interface BackendEnvironment {
  /** The folder shared by extension and command line; holds a native TensorFlow once it was installed. */
  readonly home: string;
  /** Folder of an installed `@tensorflow/tfjs-node`; empty looks in the usual places. */
  readonly tensorflowPath: string;
  /** Threads to compute with; 0 or none lets the backend choose. */
  readonly threads?: number | undefined;
  /** Whether V8's experimental 256-bit vectors may be switched on, for the whole process. */
  readonly wideSimd?: boolean | undefined;
  /** Whether the trainer has a process of its own, which native code may abort. */
  readonly ownProcess?: boolean | undefined;
}

/** A backend that is set and computes. */
interface LoadedBackend {
  readonly name: string;
  /** The GPU's name, or "CPU, N threads". */
  readonly device: string;
  readonly threads: number;
  readonly version: string;
  /** The GPU is only a program: `auto` does not take it. */
  readonly software?: boolean;
  /**
   * GFLOP/s that its matrix products could reach at best on all threads, measured anew by each call; where that is
   * known.
   */
  peakGigaflops?(): number;
}

/** A set of kernels and the way to get it running; one of them serves a worker thread. */
export interface Backend {
  readonly name: 'wasm' | 'tensorflow' | 'webgpu' | 'reference';
  /** For tests and machines where nothing else loads: `auto` does not time it beside others. */
  readonly fallback?: boolean;
  /**
   * Its native code may abort its process: no others live in the one that it is loaded in, and it is timed in one that
   * is thrown away.
   */
  readonly ownProcess?: boolean;
  /**
   * Whether loading is worth a try, without loading anything.
   * @returns the reason why not, or undefined
   */
  unavailable(environment: BackendEnvironment): string | undefined;
  /**
   * Numbers of threads among which `auto` has to choose by timing.
   * @param wanted what the user asked for; 0 leaves the choice
   */
  threadCounts(wanted: number): readonly number[];
  /**
   * Loads it, registers our kernels and makes it the backend of this thread.
   * @throws BackendUnavailableError with the reason
   */
  load(environment: BackendEnvironment): Promise<LoadedBackend>;
}

/** A backend cannot be used here; the message is the reason, in words for the user. */
export class BackendUnavailableError extends Error {
  override readonly name = 'BackendUnavailableError';
}

/** How a device without a GPU is named on screen. */
export function cpuName(threads: number): string {
  return `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}

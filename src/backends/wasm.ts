import * as tf from '@tensorflow/tfjs';
import type { SequenceLabBackend } from '../kernels/wasm/backend.ts';
import { peakGigaflops } from '../kernels/wasm/peak.ts';
import { BACKEND_NAME, registerSequenceLab } from '../kernels/wasm/register.ts';
import { buildName } from '../kernels/wasm/module.ts';
import { startRuntime } from '../kernels/wasm/start.ts';
import { boundedThreads, processorCount } from '../platform/system.ts';
import { type Backend, BackendUnavailableError, cpuName } from './backend.ts';
import { phrase } from '../phrases/phrase.ts';

/** Maximum number of threads; more are not faster for models of usual size. */
const MAX_THREADS = 8;

/** TensorFlow.js with the WebAssembly kernels of this project: included in the extension, loads anywhere. */
export const wasmBackend: Backend = {
  name: 'wasm',
  unavailable: () => undefined,
  /** Powers of two: for a small model, waking another thread takes longer than its share of the work. */
  threadCounts(wanted, most) {
    if (wanted > 0) return [boundedThreads(wanted)];
    const usable = usableThreads(most);
    return [1, 2, 4, 8].filter((threads) => threads <= usable);
  },
  async load({ threads = 0, mostThreads, wideSimd = false, simd }) {
    tf.enableProdMode();
    const count = threads > 0 ? boundedThreads(threads) : usableThreads(mostThreads);
    // Registered once for each thread; a second load reuses it.
    if (!tf.findBackendFactory(BACKEND_NAME)) {
      const options = { threads: count, experimental: wideSimd, preferred: simd };
      const started = await startRuntime(options).catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        throw new BackendUnavailableError(phrase('the kernels do not start: {0}', message), { cause: error });
      });
      registerSequenceLab(started);
    }
    await tf.setBackend(BACKEND_NAME);
    const { runtime } = tf.backend() as SequenceLabBackend;
    return {
      name: 'wasm',
      device: cpuName(runtime.threads),
      threads: runtime.threads,
      simd: buildName(runtime.build),
      version: tf.version['tfjs-core'],
      peakGigaflops: () => peakGigaflops(runtime),
    };
  },
};

/** Number of threads of a free choice. */
function usableThreads(most = MAX_THREADS): number {
  return Math.min(processorCount(), MAX_THREADS, most);
}

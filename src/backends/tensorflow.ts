import * as tf from '@tensorflow/tfjs';
import type { NativeBackend } from '../kernels/tensorflow/binding.ts';
import { registerTensorflowKernels } from '../kernels/tensorflow/register.ts';
import type { WasmRuntime } from '../kernels/wasm/runtime.ts';
import { startRuntime } from '../kernels/wasm/start.ts';
import { processorCount, requireFrom } from '../platform/system.ts';
import { type Backend, type BackendEnvironment, BackendUnavailableError, cpuName } from './backend.ts';
import { findTensorflow } from './findTensorflow.ts';
import { nvidiaGpus } from './nvidiaGpus.ts';

/**
 * The variable that bounds TensorFlow's threads. Native code reads it once, and only from a process's own environment.
 */
export const TENSORFLOW_THREADS = 'TF_NUM_INTRAOP_THREADS';

/**
 * Of the kernels in WebAssembly, which are faster on a processor than ops of TensorFlow that each walk over all of
 * memory.
 */
let runtime: WasmRuntime | undefined;

/** TensorFlow's own library through `@tensorflow/tfjs-node`, where it is installed. */
export const tensorflowBackend: Backend = {
  name: 'tensorflow',
  unavailable: (environment) => (findTensorflow(environment) ? undefined : notFound(environment)),
  // How many it takes was settled when its process began.
  threadCounts: () => [threadsOfProcess()],
  async load({ wideSimd = false, ...environment }) {
    const folder = findTensorflow(environment);
    if (!folder) throw new BackendUnavailableError(notFound(environment));
    tf.enableProdMode();
    const node = requireTensorflow(folder);
    if (!(await tf.setBackend('tensorflow'))) {
      throw new BackendUnavailableError('@tensorflow/tfjs-node was loaded, but its backend does not start');
    }
    const threads = threadsOfProcess();
    const { binding } = tf.backend() as NativeBackend;
    const onGpu = binding.isUsingGpuDevice();
    if (!onGpu) runtime ??= await startRuntime({ threads, experimental: wideSimd }).catch(() => undefined);
    registerTensorflowKernels(runtime);
    return {
      name: 'tensorflow',
      device: onGpu ? (nvidiaGpus()[0] ?? 'GPU') : cpuName(threads),
      threads,
      version: `${node.version['tfjs-node'] ?? 'unknown'}${onGpu || runtime ? '' : ', without our kernels in WebAssembly'}`,
    };
  },
};

function threadsOfProcess(): number {
  return Number(process.env[TENSORFLOW_THREADS]) || processorCount();
}

function notFound({ tensorflowPath }: BackendEnvironment): string {
  return tensorflowPath === ''
    ? '@tensorflow/tfjs-node is not installed'
    : `there is no @tensorflow/tfjs-node in ${tensorflowPath}`;
}

function requireTensorflow(folder: string): { version: Record<string, string> } {
  const require = requireFrom(import.meta.url);
  restoreRemovedUtilities(require('node:util') as Record<string, unknown>);
  try {
    return require(folder) as { version: Record<string, string> };
  } catch (error) {
    const message = error instanceof Error ? firstLine(error.message) : String(error);
    throw new BackendUnavailableError(`@tensorflow/tfjs-node in ${folder} does not load: ${message}`, { cause: error });
  }
}

/** tfjs-node 4.22 calls two functions of `util` that Node has deprecated, and from 23 on removed. */
function restoreRemovedUtilities(util: Record<string, unknown>): void {
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] = Array.isArray;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}

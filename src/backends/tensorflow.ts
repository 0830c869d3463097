import * as tf from '@tensorflow/tfjs';
import type { NativeBackend } from '../kernels/tensorflow/binding.ts';
import { registerTensorflowKernels } from '../kernels/tensorflow/register.ts';
import { buildName } from '../kernels/wasm/module.ts';
import type { WasmRuntime } from '../kernels/wasm/runtime.ts';
import { startRuntime } from '../kernels/wasm/start.ts';
import {
  environment,
  processorCount,
  requireFrom,
  runsNativeCode,
  withNativeOutputLogged,
} from '../platform/system.ts';
import { type Backend, type BackendEnvironment, BackendUnavailableError, cpuName } from './backend.ts';
import { findTensorflow } from './findTensorflow.ts';
import { nvidiaGpus } from './nvidiaGpus.ts';
import { phrase, type Text } from '../phrases/phrase.ts';

/**
 * The environment variable that limits TensorFlow's threads. Native code reads it once, from the environment of the
 * process.
 */
export const TENSORFLOW_THREADS = 'TF_NUM_INTRAOP_THREADS';

/**
 * Runtime of the WebAssembly kernels, which are faster on a CPU than sequences of TensorFlow ops that each pass over
 * all of the memory.
 */
let runtime: WasmRuntime | undefined;

/** Native TensorFlow through `@tensorflow/tfjs-node`, if it is installed. */
export const tensorflowBackend: Backend = {
  name: 'tensorflow',
  unavailable: (environment) => (findTensorflow(environment) ? undefined : notFound(environment)),
  // The number of threads was fixed when the process started.
  threadCounts: () => [threadsOfProcess()],
  async load({ wideSimd = false, simd, ...environment }) {
    const folder = findTensorflow(environment);
    if (!folder) throw new BackendUnavailableError(notFound(environment));
    tf.enableProdMode();
    const node = requireTensorflow(folder, environment.home);
    if (!(await tf.setBackend('tensorflow'))) {
      throw new BackendUnavailableError(phrase('@tensorflow/tfjs-node was loaded, but its backend does not start'));
    }
    const threads = threadsOfProcess();
    const { binding } = tf.backend() as NativeBackend;
    const onGpu = binding.isUsingGpuDevice();
    const options = { threads, experimental: wideSimd, preferred: simd };
    if (!onGpu) runtime ??= await startRuntime(options).catch(() => undefined);
    registerTensorflowKernels(runtime);
    return {
      name: 'tensorflow',
      device: onGpu ? (nvidiaGpus()[0] ?? 'GPU') : cpuName(threads),
      threads,
      ...(!onGpu && runtime && { simd: buildName(runtime.build) }),
      version: `${node.version['tfjs-node'] ?? 'unknown'}${onGpu || runtime ? '' : ', without WebAssembly kernels'}`,
    };
  },
};

function threadsOfProcess(): number {
  return Number(environment[TENSORFLOW_THREADS]) || processorCount();
}

function notFound({ tensorflowPath }: BackendEnvironment): Text {
  if (!runsNativeCode) return phrase('native TensorFlow does not run in a browser');
  return tensorflowPath === ''
    ? phrase('@tensorflow/tfjs-node is not installed')
    : phrase('there is no @tensorflow/tfjs-node in {0}', tensorflowPath);
}

function requireTensorflow(folder: string, home: string): { version: Record<string, string> } {
  const require = requireFrom(import.meta.url);
  restoreRemovedUtilities(require('node:util') as Record<string, unknown>);
  try {
    return withNativeOutputLogged(home, () => require(folder) as { version: Record<string, string> });
  } catch (error) {
    const message = error instanceof Error ? firstLine(error.message) : String(error);
    throw new BackendUnavailableError(phrase('@tensorflow/tfjs-node in {0} does not load: {1}', folder, message), {
      cause: error,
    });
  }
}

/** tfjs-node 4.22 calls two functions of `util` that Node deprecated, and removed in version 23. */
function restoreRemovedUtilities(util: Record<string, unknown>): void {
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] = Array.isArray;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}

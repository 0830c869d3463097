import { TENSORFLOW_THREADS } from '../backends/tensorflow.ts';
import { boundedThreads } from '../platform/system.ts';
import type { BackendOptions } from '../protocol/trainer.ts';
import { labHome } from '../runs/home.ts';

export { findRun } from './findRun.ts';

/** Locations of runs and backends for the command line. */
export function backendOptions(): BackendOptions {
  return {
    home: labHome(),
    tensorflowPath: process.env['SEQUENCE_LAB_TENSORFLOW_PATH'] ?? '',
    ownProcess: true,
    wideSimd: process.env['SEQUENCE_LAB_WIDE_SIMD'] !== '0',
    workspace: process.cwd(),
  };
}

/**
 * Sets the environment variables that native TensorFlow reads once, when it is loaded.
 * @param threads 0 leaves the choice to TensorFlow
 */
export function prepareNativeEnvironment(threads: number): void {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  if (threads > 0) process.env[TENSORFLOW_THREADS] = String(boundedThreads(threads));
}

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TENSORFLOW_THREADS } from '../backends/tensorflow.ts';
import type { BackendOptions } from '../protocol/trainer.ts';
import { labHome, runsFolder } from '../runs/home.ts';

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
  if (threads > 0) process.env[TENSORFLOW_THREADS] = String(threads);
}

/** No run has the given name. */
class RunNotFoundError extends Error {
  override readonly name = 'RunNotFoundError';
}

/** Folder of a run, which is given as a path or as its id in the run store. @throws RunNotFoundError */
export function findRun(run: string): string {
  const runs = runsFolder(labHome());
  const folder = [resolve(run), join(runs, run)].find((candidate) => existsSync(join(candidate, 'run.json')));
  if (folder === undefined) {
    throw new RunNotFoundError(`Run "${run}" not found: it is neither a folder with a run.json nor a run in ${runs}.`);
  }
  return folder;
}

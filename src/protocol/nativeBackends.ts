import * as z from 'zod';
import type { RunConfig } from '../config/schema.ts';

/** The backend in every package, which runs no native code. */
export const BUNDLED = 'wasm' satisfies RunConfig['backend'];

/** Backends that load native code, with their names on screen. */
export const nativeBackends: ReadonlyMap<string, string> = new Map<Exclude<RunConfig['backend'], 'auto'>, string>([
  ['tensorflow', 'Native TensorFlow'],
  ['webgpu', 'WebGPU'],
]);

/** Result of a test training on native TensorFlow. An installation stores it in this file for the extension. */
export const NATIVE_REPORT_FILE = 'report.json';

export const nativeReport = z.object({
  /** Version of the package. */
  tfjsNode: z.string(),
  /** Version of the TensorFlow library. */
  tensorflow: z.string(),
  /** "CPU, 2 threads", or the GPU's name. */
  device: z.string(),
});

export type NativeReport = z.output<typeof nativeReport>;

/**
 * Environment variable with the reason why WebGPU (Dawn) is unavailable in a trainer process. The process that starts
 * the trainer sets it.
 */
export const DAWN_REFUSED = 'SEQUENCE_LAB_DAWN_REFUSED';

import type { RunConfig } from '../config/schema.ts';

/** The backend that every package brings along and that runs no native code. */
export const BUNDLED = 'wasm' satisfies RunConfig['backend'];

/** Those that load native code, by what they are called on screen. */
export const nativeBackends: ReadonlyMap<string, string> = new Map<Exclude<RunConfig['backend'], 'auto'>, string>([
  ['tensorflow', 'Native TensorFlow'],
  ['webgpu', 'WebGPU'],
]);

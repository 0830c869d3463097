import type { RunConfig } from '../config/schema.ts';

/** The backend in every package, which runs no native code. */
export const BUNDLED = 'wasm' satisfies RunConfig['backend'];

/** Backends that load native code, with their names on screen. */
export const nativeBackends: ReadonlyMap<string, string> = new Map<Exclude<RunConfig['backend'], 'auto'>, string>([
  ['tensorflow', 'Native TensorFlow'],
  ['webgpu', 'WebGPU'],
]);

import type { Backend } from './backend.ts';
import { referenceBackend } from './reference.ts';
import { tensorflowBackend } from './tensorflow.ts';
import { wasmBackend } from './wasm.ts';
import { webgpuBackend } from './webgpu.ts';

/** All backends, the likeliest to be fast first; the last one loads anywhere. */
export const backends: readonly Backend[] = [wasmBackend, tensorflowBackend, webgpuBackend, referenceBackend];

/** @throws Error for a name that is none of ours */
export function backendNamed(name: string): Backend {
  const backend = backends.find((candidate) => candidate.name === name);
  if (!backend) throw new Error(`There is no backend "${name}"; there are ${backends.map((b) => b.name).join(', ')}.`);
  return backend;
}

import type { Backend } from './backend.ts';
import { referenceBackend } from './reference.ts';
import { tensorflowBackend } from './tensorflow.ts';
import { wasmBackend } from './wasm.ts';
import { webgpuBackend } from './webgpu.ts';

/** All backends, in descending order of expected speed; the last one loads anywhere. */
export const backends: readonly Backend[] = [wasmBackend, tensorflowBackend, webgpuBackend, referenceBackend];

/** @throws Error for an unknown name */
export function backendNamed(name: string): Backend {
  const backend = backends.find((candidate) => candidate.name === name);
  if (!backend) throw new Error(`There is no backend "${name}"; there are ${backends.map((b) => b.name).join(', ')}.`);
  return backend;
}

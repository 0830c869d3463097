import type { Backend } from './backend.ts';
import { referenceBackend } from './reference.ts';
import { tensorflowBackend } from './tensorflow.ts';
import { wasmBackend } from './wasm.ts';
import { webgpuBackend } from './webgpu.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';

/** All backends, in descending order of expected speed; the last one loads anywhere. */
export const backends: readonly Backend[] = [wasmBackend, tensorflowBackend, webgpuBackend, referenceBackend];

/** @throws Error for an unknown name */
export function backendNamed(name: string): Backend {
  const backend = backends.find((candidate) => candidate.name === name);
  if (!backend)
    throw new PhrasedError(
      phrase('There is no backend "{0}"; there are {1}.', name, backends.map((b) => b.name).join(', ')),
    );
  return backend;
}

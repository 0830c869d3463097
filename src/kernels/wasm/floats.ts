import type { SequenceLabBackend } from './backend.ts';

/** The numbers of a tensor in the kernels' memory. */
export function floats({ machine }: SequenceLabBackend, pointer: number, shape: readonly number[]): Float32Array {
  return machine.float32(pointer, shape.reduce((product, size) => product * size, 1));
}

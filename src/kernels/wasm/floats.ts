import type { KernelMemory } from './memory.ts';

/** The numbers of a tensor in the kernels' memory. */
export function floats({ runtime }: KernelMemory, pointer: number, shape: readonly number[]): Float32Array {
  return runtime.float32(
    pointer,
    shape.reduce((product, size) => product * size, 1),
  );
}

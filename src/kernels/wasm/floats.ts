import type { KernelMemory } from './memory.ts';

/** Returns a view of a float32 tensor in the kernel memory. */
export function floats({ runtime }: KernelMemory, pointer: number, shape: readonly number[]): Float32Array {
  return runtime.float32(
    pointer,
    shape.reduce((product, size) => product * size, 1),
  );
}

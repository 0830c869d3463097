import * as tf from '@tensorflow/tfjs';

/**
 * Bytes that TensorFlow.js has allocated on the GPU, including buffers kept for reuse; undefined for a backend without
 * a GPU.
 */
export function deviceBytes(): number | undefined {
  const { numBytesAllocatedInGPU } = tf.memory() as tf.MemoryInfo & { readonly numBytesAllocatedInGPU?: number };
  return numBytesAllocatedInGPU;
}

import * as tf from '@tensorflow/tfjs';

/**
 * Bytes that TensorFlow.js has taken on the GPU for the backend that is set, in use or to be used again; undefined for
 * one without a GPU.
 */
export function deviceBytes(): number | undefined {
  const { numBytesAllocatedInGPU } = tf.memory() as tf.MemoryInfo & { readonly numBytesAllocatedInGPU?: number };
  return numBytesAllocatedInGPU;
}

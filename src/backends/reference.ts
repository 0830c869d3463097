import * as tf from '@tensorflow/tfjs';
import { registerReferenceKernels } from '../kernels/reference/register.ts';
import { type Backend, cpuName } from './backend.ts';

/** TensorFlow.js on plain typed arrays: loads anywhere, and is the reference for the other backends. */
export const referenceBackend: Backend = {
  name: 'reference',
  fallback: true,
  unavailable: () => undefined,
  threadCounts: () => [1],
  async load() {
    // Otherwise TensorFlow.js prints an advertisement for tfjs-node and checks every op for NaN.
    tf.enableProdMode();
    registerReferenceKernels('cpu');
    await tf.setBackend('cpu');
    return { name: 'reference', device: cpuName(1), threads: 1, version: tf.version['tfjs-core'] };
  },
};

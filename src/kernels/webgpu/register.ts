import * as tf from '@tensorflow/tfjs';
import { L2_NORMS, type L2NormsInputs } from '../contract.ts';
import { registerReferenceKernels } from '../reference/register.ts';
import { l2Norms } from './norms.ts';

/** The name under which TensorFlow.js registers its backend. */
const BACKEND_NAME = 'webgpu';

/** Registers our kernels on WebGPU, once its backend is there; what has none of its own runs on the reference's, in TensorFlow.js' shaders. */
export function registerWebGpuKernels(): void {
  if (!tf.getKernel(L2_NORMS, BACKEND_NAME)) {
    tf.registerKernel({ kernelName: L2_NORMS, backendName: BACKEND_NAME, kernelFunc: ({ inputs }) => l2Norms(inputs as L2NormsInputs) });
  }
  registerReferenceKernels(BACKEND_NAME);
}

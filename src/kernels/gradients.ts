import * as tf from '@tensorflow/tfjs';
import {
  type CrossEntropyGradInputs,
  EMBEDDING_LOOKUP,
  EMBEDDING_LOOKUP_GRAD,
  type EmbeddingGradInputs,
  SOFTMAX_CROSS_ENTROPY,
  SOFTMAX_CROSS_ENTROPY_GRAD,
} from './contract.ts';
import { runKernel } from './runKernel.ts';

/**
 * Gradient functions of the kernels, registered once for all backends: each calls the gradient kernel of the same
 * backend. The gradients of the sequence kernels are in `sequences.ts`, with the tensors that they keep from the
 * forward pass.
 */

const embeddingGradient: tf.GradConfig = {
  kernelName: EMBEDDING_LOOKUP,
  inputsToSave: ['table', 'ids'],
  gradFunc(dy, saved) {
    const [table, ids] = saved as [tf.Tensor2D, tf.Tensor2D];
    const inputs: EmbeddingGradInputs = { dy: dy as tf.Tensor3D, ids };
    return { table: () => runKernel<tf.Tensor2D>(EMBEDDING_LOOKUP_GRAD, inputs, { rows: table.shape[0] }) };
  },
};

const crossEntropyGradient: tf.GradConfig = {
  kernelName: SOFTMAX_CROSS_ENTROPY,
  inputsToSave: ['targets'],
  outputsToSave: [false, true],
  gradFunc(dys, saved) {
    const [dLosses] = dys as [tf.Tensor1D];
    const [targets, probabilities] = saved as [tf.Tensor1D, tf.Tensor2D];
    const inputs: CrossEntropyGradInputs = { probabilities, targets, dLosses };
    return { logits: () => runKernel<tf.Tensor2D>(SOFTMAX_CROSS_ENTROPY_GRAD, inputs) };
  },
};

/** Registers the gradient functions. Repeated calls have no effect. */
export function registerGradients(): void {
  for (const gradient of [embeddingGradient, crossEntropyGradient]) {
    if (!tf.getGradient(gradient.kernelName)) tf.registerGradient(gradient);
  }
}

import type * as tf from '@tensorflow/tfjs';
import {
  ADAM_STEP,
  type AdamAttributes,
  type AdamInputs,
  type CrossEntropyInputs,
  EMBEDDING_LOOKUP,
  type EmbeddingInputs,
  L2_NORMS,
  SOFTMAX_CROSS_ENTROPY,
} from './contract.ts';
import { runKernel } from './runKernel.ts';

export { gruSequence, lastWalked, lstmSequence, rnnSequence } from './sequences.ts';

/** The kernels as differentiable TensorFlow.js ops, on whichever backend is set. */

/** Looks up rows of an embedding table, `[timeSteps, batch, width]`. */
export function embeddingLookup(inputs: EmbeddingInputs): tf.Tensor3D {
  return runKernel<tf.Tensor3D>(EMBEDDING_LOOKUP, inputs);
}

/** Cross-entropy of each row in nats, `[n]`. */
export function softmaxCrossEntropy(inputs: CrossEntropyInputs): tf.Tensor1D {
  const [losses] = runKernel<[tf.Tensor1D, tf.Tensor2D]>(SOFTMAX_CROSS_ENTROPY, inputs);
  return losses;
}

/** One Adam step for one tensor: the new weights, m and v. */
export function adamStep(inputs: AdamInputs, attributes: AdamAttributes): [tf.Tensor, tf.Tensor, tf.Tensor] {
  return runKernel(ADAM_STEP, inputs, attributes);
}

/** The L2 norm of each tensor, `[n, 2]`: mantissas and binary exponents. Has no gradient. */
export function l2Norms(tensors: readonly tf.Tensor[]): tf.Tensor2D {
  return runKernel<tf.Tensor2D>(L2_NORMS, tensors);
}

import * as tf from '@tensorflow/tfjs';
import {
  ADAM_STEP,
  type AdamAttributes,
  type AdamInputs,
  ATTENTION,
  ATTENTION_GRAD,
  ATTENTION_POOL,
  ATTENTION_POOL_GRAD,
  type AttentionGradOutputs,
  type AttentionInputs,
  type AttentionOutputs,
  type AttentionPoolGradOutputs,
  type AttentionPoolInputs,
  type AttentionPoolOutputs,
  CLIP_SCALE,
  type ClipScaleAttributes,
  type ClipScaleInputs,
  CONVOLUTION_POOL,
  CONVOLUTION_POOL_GRAD,
  type ConvolutionPoolAttributes,
  type ConvolutionPoolGradOutputs,
  type ConvolutionPoolInputs,
  type ConvolutionPoolOutputs,
  type CrossEntropyInputs,
  DENSE_CROSS_ENTROPY,
  DENSE_CROSS_ENTROPY_GRAD,
  type DenseCrossEntropyGradOutputs,
  type DenseCrossEntropyInputs,
  type DenseCrossEntropyOutputs,
  EMBEDDING_LOOKUP,
  type EmbeddingInputs,
  GATE_ACTIVATIONS,
  L2_NORMS,
  LIKELIEST,
  type LikeliestInputs,
  type LikeliestOutputs,
  MASK_STEPS,
  type MaskStepsInputs,
  MAX_POOL,
  MAX_POOL_GRAD,
  type MaxPoolInputs,
  type MaxPoolOutputs,
  SOFTMAX_CROSS_ENTROPY,
} from './contract.ts';
import { runDifferentiable, runKernel } from './runKernel.ts';

export { gruSequence, lstmSequence, rnnSequence } from './sequences.ts';

/** The kernels as differentiable TensorFlow.js ops on the current backend. */

/** Embedding lookup, `[timeSteps, batch, width]`. */
export function embeddingLookup(inputs: EmbeddingInputs): tf.Tensor3D {
  return runKernel<tf.Tensor3D>(EMBEDDING_LOOKUP, inputs);
}

/** Cross-entropy of each row in nats, `[n]`. */
export function softmaxCrossEntropy(inputs: CrossEntropyInputs): tf.Tensor1D {
  const [losses] = runKernel<[tf.Tensor1D, tf.Tensor2D]>(SOFTMAX_CROSS_ENTROPY, inputs);
  return losses;
}

/** The most likely classes of each row; see `contract.ts` for shapes. */
export function likeliest(
  inputs: LikeliestInputs,
  count: number,
): { readonly logProbabilities: tf.Tensor2D; readonly classes: tf.Tensor2D } {
  const [logProbabilities, classes] = runKernel<LikeliestOutputs>(LIKELIEST, inputs, { count });
  return { logProbabilities, classes };
}

/** Mean cross-entropy in nats, `[]`, with the outputs of a dense layer as logits; see `contract.ts` for shapes. */
export function denseCrossEntropy(inputs: DenseCrossEntropyInputs): tf.Scalar {
  const { x, kernel, bias, targets } = inputs;
  const [loss] = runDifferentiable(
    { x, kernel, bias },
    () => {
      const [loss, forGradient] = runKernel<DenseCrossEntropyOutputs>(DENSE_CROSS_ENTROPY, inputs);
      const outputs: [tf.Scalar] = [loss];
      return { outputs, kept: { x, kernel, targets, kept: forGradient } };
    },
    ([dLoss], kept) => {
      const [dx, dKernel, dBias] = runKernel<DenseCrossEntropyGradOutputs>(DENSE_CROSS_ENTROPY_GRAD, {
        ...kept,
        dLoss,
      });
      return { x: dx, kernel: dKernel, bias: dBias };
    },
  );
  return loss;
}

/**
 * Mean of the steps of each sequence, weighted by the softmax of their scores; see `contract.ts` for shapes. The
 * weights have no gradient.
 */
export function attentionPool(inputs: AttentionPoolInputs): { pooled: tf.Tensor2D; weights: tf.Tensor2D } {
  const { h, scores } = inputs;
  const [pooled, weights] = runDifferentiable(
    { h, scores },
    () => {
      const outputs = runKernel<AttentionPoolOutputs>(ATTENTION_POOL, inputs);
      const [pooled, weights] = outputs;
      return { outputs, kept: { h, pooled, weights } };
    },
    ([dPooled], kept) => {
      const [dh, dScores] = runKernel<AttentionPoolGradOutputs>(ATTENTION_POOL_GRAD, { ...kept, dPooled });
      return { h: dh, scores: dScores };
    },
  );
  return { pooled, weights };
}

/** Global attention; see `contract.ts` for equations and shapes. The weights have no gradient. */
export function attention({ lengths, score, ...sequences }: AttentionInputs): {
  context: tf.Tensor3D;
  weights: tf.Tensor3D;
} {
  const inputs = { ...sequences, ...(score && { score }) };
  const [context, weights] = runDifferentiable(
    inputs,
    () => {
      const outputs = runKernel<AttentionOutputs>(ATTENTION, { ...inputs, lengths });
      return { outputs, kept: { ...inputs, weights: outputs[1] } };
    },
    ([dContext], kept) => {
      const [query, keys, values, dScore] = runKernel<AttentionGradOutputs>(ATTENTION_GRAD, { ...kept, dContext });
      if (score) return { query, keys, values, score: dScore };
      dScore.dispose();
      return { query, keys, values };
    },
  );
  return { context, weights };
}

/** Sets steps past the end of each sequence to zero; see `contract.ts` for shapes. */
export function maskSteps({ x, lengths }: MaskStepsInputs): tf.Tensor3D {
  const [masked] = runDifferentiable(
    { x },
    () => {
      const outputs: [tf.Tensor3D] = [runKernel(MASK_STEPS, { x, lengths })];
      return { outputs, kept: { lengths } };
    },
    ([dy], kept) => ({ x: runKernel<tf.Tensor3D>(MASK_STEPS, { x: dy, lengths: kept.lengths }) }),
  );
  return masked;
}

/** The same values, through which no gradient flows back. */
export function withoutGradient(x: tf.Tensor2D): tf.Tensor2D {
  const [copy] = runDifferentiable(
    { x },
    () => {
      const outputs: [tf.Tensor2D] = [tf.clone(x)];
      return { outputs, kept: {} };
    },
    ([dy]) => ({ x: tf.zerosLike(dy) }),
  );
  return copy;
}

/** Maximum of each unit over the steps of a sequence, `[batch, width]`; see `contract.ts` for shapes. */
export function maxPool({ h, lengths }: MaxPoolInputs): tf.Tensor2D {
  const timeSteps = h.shape[0];
  const [pooled] = runDifferentiable(
    { h },
    () => {
      const [maxima, steps] = runKernel<MaxPoolOutputs>(MAX_POOL, { h, lengths });
      const outputs: [tf.Tensor2D] = [maxima];
      return { outputs, kept: { steps } };
    },
    ([dPooled], { steps }) => ({ h: runKernel<tf.Tensor3D>(MAX_POOL_GRAD, { steps, dPooled }, { timeSteps }) }),
  );
  return pooled;
}

/**
 * Convolution over time with ReLU and pooling, `[batch, widths * filters]`; see `contract.ts` for shapes.
 * @param filters kernel and bias of each width
 */
export function convolutionPool(
  { x, lengths, filters }: Pick<ConvolutionPoolInputs, 'x' | 'lengths'> & { readonly filters: readonly Filters[] },
  attributes: ConvolutionPoolAttributes,
): tf.Tensor2D {
  const kernels = Object.fromEntries(filters.map(({ kernel }, n) => [`kernel${n}`, kernel]));
  const biases = Object.fromEntries(filters.map(({ bias }, n) => [`bias${n}`, bias]));
  const [pooled] = runDifferentiable(
    { x, ...kernels, ...biases },
    () => {
      const inputs = { x, lengths, ...kernels, ...biases };
      const [pooled, active] = runKernel<ConvolutionPoolOutputs>(CONVOLUTION_POOL, inputs, attributes);
      const outputs: [tf.Tensor2D] = [pooled];
      return { outputs, kept: { x, lengths, ...kernels, active } };
    },
    ([dPooled], kept) => {
      const gradients = runKernel<ConvolutionPoolGradOutputs>(CONVOLUTION_POOL_GRAD, { ...kept, dPooled }, attributes);
      const [dx, ...others] = gradients;
      return {
        x: dx,
        ...Object.fromEntries(
          others.map((gradient, at) => [`${at % 2 === 0 ? 'kernel' : 'bias'}${at >> 1}`, gradient]),
        ),
      };
    },
  );
  return pooled;
}

/** Filters of one width: `[width * inputs, filters]` and `[filters]`. */
interface Filters {
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
}

/** One Adam step for one tensor. @returns the new weights, m and v */
export function adamStep(inputs: AdamInputs, attributes: AdamAttributes): [tf.Tensor, tf.Tensor, tf.Tensor] {
  return runKernel(ADAM_STEP, inputs, attributes);
}

/**
 * Activations of gates in their stored form, with the same shape.
 * @param isTanh for each gate, true if it is a tanh
 */
export function gateActivations(stored: tf.Tensor, isTanh: readonly boolean[]): tf.Tensor {
  return runKernel<tf.Tensor>(GATE_ACTIVATIONS, { stored }, { isTanh });
}

/** L2 norm of each tensor as mantissa and binary exponent, `[n, 2]`. Has no gradient. */
export function l2Norms(tensors: readonly tf.Tensor[]): tf.Tensor2D {
  return runKernel<tf.Tensor2D>(L2_NORMS, tensors);
}

/**
 * True if the current backend clips gradients on the device, without a read-back that an optimizer would wait for.
 */
export function clipsOnDevice(): boolean {
  return tf.getKernel(CLIP_SCALE, tf.getBackend()) !== undefined;
}

/** Clipping factor for `adamStep`, `[1]`; see `contract.ts`. Requires `clipsOnDevice()`. */
export function clipScaleOnDevice(inputs: ClipScaleInputs, attributes: ClipScaleAttributes): tf.Tensor1D {
  return runKernel<tf.Tensor1D>(CLIP_SCALE, inputs, attributes);
}

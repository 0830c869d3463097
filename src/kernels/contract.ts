import type * as tf from '@tensorflow/tfjs';

/**
 * The contract of the kernels. Every backend registers its implementations under these names (`tf.registerKernel`).
 * Layers and models call the differentiable functions of `ops.ts` and do not depend on the current backend.
 *
 * Sequences are time-major, `[timeSteps, batch, ...]`, so that one step is one contiguous block.
 * Tensors are float32, ids and lengths int32. Outputs that do not apply are empty, `[0]`.
 */

/** Inputs of every sequence kernel. */
export interface SequenceInputs {
  /**
   * Dense inputs `[timeSteps, batch, inputs]`, or token ids `[timeSteps, batch]` that represent one-hot vectors: each
   * id is a row of `kernel`, in masked steps too.
   */
  readonly x: tf.Tensor;
  /** `[inputs, gates * units]` */
  readonly kernel: tf.Tensor2D;
  /** `[units, gates * units]` */
  readonly recurrentKernel: tf.Tensor2D;
  /** `[gates * units]`, except for the GRU with `resetAfter`. */
  readonly bias: tf.Tensor;
  /** Initial state, `[batch, units]`. */
  readonly h0: tf.Tensor2D;
  /**
   * Lengths of the sequences, `[batch]`, 0 to timeSteps; defaults to timeSteps for all. Steps t >= lengths[b] are
   * masked: the state stays unchanged for any finite x, the gates are zero, and gradients pass through unchanged. The
   * state after the last iteration is therefore the final state.
   */
  readonly lengths?: tf.Tensor1D;
}

export interface SequenceAttributes {
  /**
   * Iterates from step timeSteps - 1 down to 0: h_t depends on h_{t+1}, and h0 is the state before step timeSteps - 1
   * (equivalently, before step lengths[b] - 1 of a masked sequence). Inputs and outputs stay in the order of t.
   */
  readonly reverse: boolean;
}

/** Attributes of the gradient kernels in addition to those of the forward kernel. */
export interface SequenceGradAttributes extends SequenceAttributes {
  /** True to compute the last output, `norms`; it is empty otherwise. */
  readonly norms: boolean;
}

/**
 * L2 norms over units of the total dL/dh_t at each step, from its own output and from the following steps (and, for the
 * LSTM, of dL/dc_t): `[1 or 2, timeSteps, batch]`. The sum of squares must not underflow or overflow where float32
 * squares would: implementations use float64, or scale by the largest value.
 */
export type Norms = tf.Tensor3D;

/**
 * Callbacks that receive intermediate results of the kernels. They are arguments of the functions of `ops.ts`; kernels
 * never see them. The receiver owns the tensors and must dispose them.
 */
export interface Taps {
  /** Called once in each backward pass. */
  receive(norms: Norms): void;
  /**
   * Called once in each forward pass with all outputs of the kernel; for a cell with gates, with their activations
   * instead of the stored gates, and the stored gates as the last output.
   */
  receiveOutputs?(outputs: readonly tf.Tensor[]): void;
}

/**
 * LSTM over a whole sequence (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000):
 *
 *     i_t, f_t, o_t = sigmoid(x_t W + h_{t-1} U + b)    g_t = tanh(x_t W + h_{t-1} U + b)
 *     c_t = f_t * c_{t-1} + i_t * g_t                    h_t = o_t * tanh(c_t)
 *
 * Gates are concatenated in the order input, forget, cell (candidate), output, as in TensorFlow.js and Keras.
 */
export const LSTM_SEQUENCE = 'SequenceLabLstmSequence';

export interface LstmInputs extends SequenceInputs {
  /** `[4 * units]` */
  readonly bias: tf.Tensor1D;
  readonly c0: tf.Tensor2D;
}

/**
 * Hidden states and cell states, both `[timeSteps, batch, units]`, and the gates `[timeSteps, batch, 4 * units]` in the
 * form of `storedGates.ts`.
 */
export type LstmOutputs = [h: tf.Tensor3D, c: tf.Tensor3D, storedGates: tf.Tensor3D];

/**
 * Backpropagation through time over the same sequence. Its inputs are the inputs and outputs of the forward pass and
 * the gradients of the outputs.
 */
export const LSTM_SEQUENCE_GRAD = 'SequenceLabLstmSequenceGrad';

export interface LstmGradInputs extends Omit<LstmInputs, 'bias'> {
  readonly h: tf.Tensor3D;
  readonly c: tf.Tensor3D;
  readonly storedGates: tf.Tensor3D;
  /** Direct gradient dL/dh_t, without the contribution through later steps, `[timeSteps, batch, units]`. */
  readonly dh: tf.Tensor3D;
  /** dL/dc after the last iteration, `[batch, units]`: layers do not output earlier cell states. */
  readonly dcLast: tf.Tensor2D;
}

/**
 * Gradients with the shapes of the inputs; `dx` is empty for token ids. `norms [2, timeSteps, batch]`: h, c.
 */
export type LstmGradOutputs = [
  dx: tf.Tensor,
  dKernel: tf.Tensor2D,
  dRecurrentKernel: tf.Tensor2D,
  dBias: tf.Tensor1D,
  dh0: tf.Tensor2D,
  dc0: tf.Tensor2D,
  norms: Norms,
];

/**
 * GRU over a whole sequence (Cho et al. 2014, eq. 5 to 8), with the gates update, reset and candidate concatenated in
 * the order z, r, g, as in TensorFlow.js and Keras:
 *
 *     z_t, r_t = sigmoid(x_t W + h_{t-1} U + b)          h_t = z_t * h_{t-1} + (1 - z_t) * g_t
 *     g_t = tanh(x_t W + (r_t * h_{t-1}) U + b)          (resetAfter: false, as in the paper)
 *     g_t = tanh(x_t W + b_x + r_t * (h_{t-1} U + b_h))  (resetAfter: true, as in cuDNN, PyTorch and Keras)
 */
export const GRU_SEQUENCE = 'SequenceLabGruSequence';

export interface GruInputs extends SequenceInputs {
  /** `[3 * units]`; with `resetAfter` `[2, 3 * units]`: b_x, added to x_t W, and b_h, added to h_{t-1} U. */
  readonly bias: tf.Tensor1D | tf.Tensor2D;
}

export interface GruAttributes extends SequenceAttributes {
  readonly resetAfter: boolean;
}

/**
 * Hidden states, the gates `[timeSteps, batch, 3 * units]` in the form of `storedGates.ts`, and with `resetAfter`
 * h_{t-1} U + b_h of the candidate for the gradient, `[timeSteps, batch, units]` (zero in masked steps); empty without
 * `resetAfter`.
 */
export type GruOutputs = [h: tf.Tensor3D, storedGates: tf.Tensor3D, recurrentCandidate: tf.Tensor];

export const GRU_SEQUENCE_GRAD = 'SequenceLabGruSequenceGrad';

export interface GruGradInputs extends Omit<GruInputs, 'bias'> {
  readonly h: tf.Tensor3D;
  readonly storedGates: tf.Tensor3D;
  readonly recurrentCandidate: tf.Tensor;
  readonly dh: tf.Tensor3D;
}

export interface GruGradAttributes extends GruAttributes, SequenceGradAttributes {}

/** As for the LSTM; `norms [1, timeSteps, batch]`. */
export type GruGradOutputs = [
  dx: tf.Tensor,
  dKernel: tf.Tensor2D,
  dRecurrentKernel: tf.Tensor2D,
  dBias: tf.Tensor1D | tf.Tensor2D,
  dh0: tf.Tensor2D,
  norms: Norms,
];

/** Simple RNN (Elman 1990) over a whole sequence: h_t = activation(x_t W + h_{t-1} U + b). */
export const RNN_SEQUENCE = 'SequenceLabRnnSequence';

export interface RnnInputs extends SequenceInputs {
  /** `[units]` */
  readonly bias: tf.Tensor1D;
}

export type RnnActivation = 'tanh' | 'relu' | 'linear';

export interface RnnAttributes extends SequenceAttributes {
  readonly activation: RnnActivation;
}

/**
 * Hidden states, and the slopes of tanh for the gradient, both `[timeSteps, batch, units]`: a float32 h near 1 has lost
 * its slope 1 - h^2. The slopes are zero in masked steps, and empty for other activations, whose slope h gives.
 */
export type RnnOutputs = [h: tf.Tensor3D, slopes: tf.Tensor];

export const RNN_SEQUENCE_GRAD = 'SequenceLabRnnSequenceGrad';

export interface RnnGradInputs extends Omit<RnnInputs, 'bias'> {
  readonly h: tf.Tensor3D;
  readonly slopes: tf.Tensor;
  readonly dh: tf.Tensor3D;
}

export interface RnnGradAttributes extends RnnAttributes, SequenceGradAttributes {}

/** As for the LSTM; `norms [1, timeSteps, batch]`. */
export type RnnGradOutputs = [
  dx: tf.Tensor,
  dKernel: tf.Tensor2D,
  dRecurrentKernel: tf.Tensor2D,
  dBias: tf.Tensor1D,
  dh0: tf.Tensor2D,
  norms: Norms,
];

/** Embedding lookup: `table [rows, width]`, `ids [timeSteps, batch]` to `[timeSteps, batch, width]`. */
export const EMBEDDING_LOOKUP = 'SequenceLabEmbeddingLookup';

export interface EmbeddingInputs {
  readonly table: tf.Tensor2D;
  readonly ids: tf.Tensor2D;
}

/** Gradient of the table, `[rows, width]`: scatters and adds the rows of `dy` by ids. */
export const EMBEDDING_LOOKUP_GRAD = 'SequenceLabEmbeddingLookupGrad';

export interface EmbeddingGradInputs {
  readonly dy: tf.Tensor3D;
  readonly ids: tf.Tensor2D;
}

export interface EmbeddingGradAttributes {
  readonly rows: number;
}

/**
 * Softmax cross-entropy with integer targets: `logits [n, classes]`, `targets [n]` (int32) to the losses
 * `[n]` in nats and the probabilities `[n, classes]`.
 */
export const SOFTMAX_CROSS_ENTROPY = 'SequenceLabSoftmaxCrossEntropy';

export interface CrossEntropyInputs {
  readonly logits: tf.Tensor2D;
  readonly targets: tf.Tensor1D;
}

/**
 * Most likely classes of each row of `logits [n, classes]`: their log probabilities in nats and the classes (int32),
 * both `[n, count]`, most likely first. If logits are equal, lower classes come first; the order on a GPU may differ.
 */
export const LIKELIEST = 'SequenceLabLikeliest';

export interface LikeliestInputs {
  readonly logits: tf.Tensor2D;
}

export interface LikeliestAttributes {
  /** Number of classes of each row, at most all. */
  readonly count: number;
}

export type LikeliestOutputs = [logProbabilities: tf.Tensor2D, classes: tf.Tensor2D];

/** (probabilities - onehot(targets)) * dLosses, `[n, classes]`. */
export const SOFTMAX_CROSS_ENTROPY_GRAD = 'SequenceLabSoftmaxCrossEntropyGrad';

export interface CrossEntropyGradInputs {
  readonly probabilities: tf.Tensor2D;
  readonly targets: tf.Tensor1D;
  readonly dLosses: tf.Tensor1D;
}

/**
 * Output layer of a language model with its loss: mean over rows of the softmax cross-entropy of x kernel + bias in
 * nats, with `x [n, units]` or `[timeSteps, batch, units]` where timeSteps * batch = n, `kernel [units, classes]`,
 * `bias [classes]`, `targets [n]` (int32).
 */
export const DENSE_CROSS_ENTROPY = 'SequenceLabDenseCrossEntropy';

export interface DenseCrossEntropyInputs {
  readonly x: tf.Tensor2D | tf.Tensor3D;
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
  readonly targets: tf.Tensor1D;
}

/**
 * Loss `[]`, and what the gradient kernel of the same backend needs of the forward pass, in a form of its choice: the
 * probabilities `[n, classes]`, or parts of them.
 */
export type DenseCrossEntropyOutputs = [loss: tf.Scalar, kept: tf.Tensor];

export const DENSE_CROSS_ENTROPY_GRAD = 'SequenceLabDenseCrossEntropyGrad';

export interface DenseCrossEntropyGradInputs extends Omit<DenseCrossEntropyInputs, 'bias'> {
  readonly kept: tf.Tensor;
  /** `[]` */
  readonly dLoss: tf.Scalar;
}

/** Gradients with the shapes of the inputs. */
export type DenseCrossEntropyGradOutputs = [dx: tf.Tensor, dKernel: tf.Tensor2D, dBias: tf.Tensor1D];

/**
 * Attention pooling: mean of the steps of each sequence, weighted by the softmax of the scores over its steps. `h
 * [timeSteps, batch, width]`, `scores [timeSteps, batch]`, `lengths [batch]` (int32, each at least 1).
 */
export const ATTENTION_POOL = 'SequenceLabAttentionPool';

export interface AttentionPoolInputs {
  readonly h: tf.Tensor3D;
  readonly scores: tf.Tensor2D;
  readonly lengths: tf.Tensor1D;
}

/**
 * Means `[batch, width]` and weights `[timeSteps, batch]`, which are zero past the end of a sequence.
 */
export type AttentionPoolOutputs = [pooled: tf.Tensor2D, weights: tf.Tensor2D];

export const ATTENTION_POOL_GRAD = 'SequenceLabAttentionPoolGrad';

export interface AttentionPoolGradInputs {
  readonly h: tf.Tensor3D;
  readonly pooled: tf.Tensor2D;
  readonly weights: tf.Tensor2D;
  /** `[batch, width]` */
  readonly dPooled: tf.Tensor2D;
}

export type AttentionPoolGradOutputs = [dh: tf.Tensor3D, dScores: tf.Tensor2D];

/**
 * Global attention: every step of a decoder attends to all steps of a source, with the softmax of scores over the
 * source as weights. `query [timeSteps, batch, width]`, `keys [sourceSteps, batch, width]`, `values [sourceSteps,
 * batch, units]`, `lengths [batch]` (int32, lengths of the sources, at least 1). The score of query q and key k is `q .
 * k` (Luong et al. 2015, eq. 8, "dot"), or, with v = `score [width]`, `v . tanh(q + k)` (Bahdanau et al. 2015, appendix
 * A.1.2).
 */
export const ATTENTION = 'SequenceLabAttention';

export interface AttentionInputs {
  readonly query: tf.Tensor3D;
  readonly keys: tf.Tensor3D;
  readonly values: tf.Tensor3D;
  readonly lengths: tf.Tensor1D;
  readonly score?: tf.Tensor1D | undefined;
}

/**
 * Weighted means `[timeSteps, batch, units]` and weights `[timeSteps, batch, sourceSteps]`, which are zero past the end
 * of a source.
 */
export type AttentionOutputs = [context: tf.Tensor3D, weights: tf.Tensor3D];

export const ATTENTION_GRAD = 'SequenceLabAttentionGrad';

export interface AttentionGradInputs extends Omit<AttentionInputs, 'lengths'> {
  readonly weights: tf.Tensor3D;
  /** `[timeSteps, batch, units]` */
  readonly dContext: tf.Tensor3D;
}

/** Gradients with the shapes of the inputs; `dScore` is empty without `score`. */
export type AttentionGradOutputs = [dQuery: tf.Tensor3D, dKeys: tf.Tensor3D, dValues: tf.Tensor3D, dScore: tf.Tensor1D];

/**
 * Sets steps past the end of each sequence to zero: `x [timeSteps, batch, width]`, `lengths [batch]` (int32). The
 * kernel is its own gradient.
 */
export const MASK_STEPS = 'SequenceLabMaskSteps';

export interface MaskStepsInputs {
  readonly x: tf.Tensor3D;
  readonly lengths: tf.Tensor1D;
}

/**
 * Max pooling over the steps of each sequence: `h [timeSteps, batch, width]`, `lengths [batch]` (int32, each at least
 * 1). Ties go to the first step.
 */
export const MAX_POOL = 'SequenceLabMaxPool';

export interface MaxPoolInputs {
  readonly h: tf.Tensor3D;
  readonly lengths: tf.Tensor1D;
}

/** Maxima `[batch, width]`, and the step of each (int32). */
export type MaxPoolOutputs = [pooled: tf.Tensor2D, steps: tf.Tensor2D];

/** Gradient of the hidden states: the gradient of each maximum, at its step. */
export const MAX_POOL_GRAD = 'SequenceLabMaxPoolGrad';

export interface MaxPoolGradInputs {
  /** `[batch, width]`, int32. */
  readonly steps: tf.Tensor2D;
  /** `[batch, width]` */
  readonly dPooled: tf.Tensor2D;
}

export interface MaxPoolGradAttributes {
  readonly timeSteps: number;
}

/**
 * Convolution over time with ReLU, pooled over the steps of each sequence (Kim 2014, "Convolutional neural networks for
 * sentence classification"), for filters of one or several widths. The filters of width w at step t read the steps from
 * t - floor((w - 1) / 2) on, and zeros outside of the sequence:
 *
 *     a_t = relu([x_t-before; ...; x_t-before+w-1] W + b)    pooled = the maximum or mean of a_t over t
 */
export const CONVOLUTION_POOL = 'SequenceLabConvolutionPool';

/** Filters of each width in turn, counted from 0; each width has the same number of filters. */
interface ConvolutionKernels {
  /** `[width * inputs, filters]`, the earliest step first. */
  readonly [kernel: `kernel${number}`]: tf.Tensor2D;
}

export interface ConvolutionPoolInputs extends ConvolutionKernels {
  /** `[timeSteps, batch, inputs]`; steps past the end of a sequence are masked for any finite x. */
  readonly x: tf.Tensor3D;
  /** `[batch]`, int32, each at least 1. */
  readonly lengths: tf.Tensor1D;
  /** `[filters]` */
  readonly [bias: `bias${number}`]: tf.Tensor1D;
}

export interface ConvolutionPoolAttributes {
  readonly pooling: 'max' | 'mean';
}

/**
 * Pooled values `[batch, widths * filters]`, the filters of the first width first, and what the gradient needs of the
 * activations: for a maximum its first step, or -1 if the maximum is 0 (int32, `[batch, widths * filters]`); for a mean all
 * of them, `[timeSteps, batch, widths * filters]`, zero past the end of a sequence.
 */
export type ConvolutionPoolOutputs = [pooled: tf.Tensor2D, active: tf.Tensor];

export const CONVOLUTION_POOL_GRAD = 'SequenceLabConvolutionPoolGrad';

export interface ConvolutionPoolGradInputs extends ConvolutionKernels {
  readonly x: tf.Tensor3D;
  readonly lengths: tf.Tensor1D;
  readonly active: tf.Tensor;
  /** `[batch, widths * filters]` */
  readonly dPooled: tf.Tensor2D;
}

/** Gradients with the shapes of the inputs, for each width in turn those of its kernel and its bias. */
export type ConvolutionPoolGradOutputs = [dx: tf.Tensor3D, ...filters: tf.Tensor[]];

/**
 * One step of Adam for one tensor (Kingma and Ba 2015, Algorithm 1): weights, m, v and gradient to new weights, m and
 * v.
 */
export const ADAM_STEP = 'SequenceLabAdamStep';

export interface AdamInputs {
  readonly weights: tf.Tensor;
  readonly m: tf.Tensor;
  readonly v: tf.Tensor;
  readonly gradient: tf.Tensor;
  /**
   * Additional factor of the gradient, `[1]`, on backends with `CLIP_SCALE`. If it is not finite, the step is skipped:
   * weights, m and v stay unchanged.
   */
  readonly scale?: tf.Tensor1D | undefined;
}

export interface AdamAttributes {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** 1 for the first step. */
  readonly step: number;
  /** Factor of the gradient, for clipping. */
  readonly gradientScale: number;
}

/**
 * L2 norm of each input (a list of tensors of any shape): `[n, 2]`, rows (m, e) with norm = m * 2^e and 1 <= m < 2, or
 * m zero or not finite. Sums of squares are computed in float64: squares of float32 values underflow below 1e-23 and
 * overflow above 1e19.
 */
export const L2_NORMS = 'SequenceLabL2Norms';

export type L2NormsInputs = Readonly<Record<string, tf.Tensor>>;

/**
 * Activations of gates in their stored form (`storedGates.ts`), with the shape of the input: blocks of equal width along
 * the last axis, one for each gate. It has no gradient.
 */
export const GATE_ACTIVATIONS = 'SequenceLabGateActivations';

export interface GateActivationsInputs {
  readonly stored: tf.Tensor;
}

export interface GateActivationsAttributes {
  /** For each gate, true if it is a tanh, and false if it is a sigmoid. */
  readonly isTanh: readonly boolean[];
}

/**
 * Factor `[1]` that clips a gradient to a global norm (Pascanu et al. 2013, Algorithm 1), from the norms of its
 * tensors, `[n, 2]` as returned by `L2_NORMS`; NaN if a norm or the loss is not finite. Only GPU backends register this
 * kernel, so that an optimizer step never waits for a read-back. Elsewhere JavaScript computes the factor.
 */
export const CLIP_SCALE = 'SequenceLabClipScale';

export interface ClipScaleInputs {
  readonly norms: tf.Tensor2D;
  /** `[]` */
  readonly loss: tf.Scalar;
}

export interface ClipScaleAttributes {
  /** Limit of the global norm; 0 disables clipping. */
  readonly clipNorm: number;
}

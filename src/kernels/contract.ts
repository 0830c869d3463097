import type * as tf from '@tensorflow/tfjs';

/**
 * The contract of the recurrent kernels. Every backend registers its own functions under these names
 * (`tf.registerKernel`). Layers and models call the differentiable functions of `ops.ts` and never ask
 * which backend is on.
 *
 * Sequences are time-major, `[timeSteps, batch, ...]`, so that one step is one contiguous block.
 * Tensors are float32, ids and lengths int32. Outputs that do not apply are empty, `[0]`.
 */

/** What every sequence kernel takes. */
export interface SequenceInputs {
  /**
   * Dense inputs `[timeSteps, batch, inputs]`, or token ids `[timeSteps, batch]`, which stand for one-hot
   * vectors: each id is a row of `kernel`, in masked steps too.
   */
  readonly x: tf.Tensor;
  /** `[inputs, gates * units]` */
  readonly kernel: tf.Tensor2D;
  /** `[units, gates * units]` */
  readonly recurrentKernel: tf.Tensor2D;
  /** `[gates * units]`, but for the GRU with `resetAfter`. */
  readonly bias: tf.Tensor;
  /** State before the first step walked, `[batch, units]`. */
  readonly h0: tf.Tensor2D;
  /**
   * Steps of each sequence, `[batch]`, 0 to timeSteps; absent: all are timeSteps long. A step t >= lengths[b]
   * is masked: it carries the state on unchanged, whatever finite numbers stand in x, its gates are zero, and
   * gradients pass through it to the step walked before. So the state at the last step walked is the final one.
   */
  readonly lengths?: tf.Tensor1D;
}

export interface SequenceAttributes {
  /**
   * Walks from step timeSteps - 1 down to 0: h_t follows from h_{t+1}, with h0 before step timeSteps - 1 (for a
   * masked sequence that comes to h0 before step lengths[b] - 1). Inputs and outputs stay in the order of t.
   */
  readonly reverse: boolean;
}

/** What the gradient kernels take besides the attributes of their forward kernel. */
export interface SequenceGradAttributes extends SequenceAttributes {
  /** Whether to compute the last output, `norms`; it is empty otherwise. */
  readonly norms: boolean;
}

/**
 * L2 norms over units of the total dL/dh_t that arrives at each step, from its own output and from the steps
 * walked after it (and, for the LSTM, of dL/dc_t): `[1 or 2, timeSteps, batch]`. The sum of squares must neither
 * underflow nor overflow where float32 squares would: float64, or scaled by the largest value.
 */
export type Norms = tf.Tensor3D;

/**
 * A sink for what the kernels compute on the way, handed to the functions of `ops.ts`; kernels never see it.
 * Whoever receives tensors owns them from then on, and disposes them.
 */
export interface Taps {
  /** Called once in each backward pass. */
  receive(norms: Norms): void;
  /** Called once in each forward pass, where present, with all outputs of the kernel: states and gates. */
  receiveOutputs?(outputs: readonly tf.Tensor[]): void;
}

/**
 * An LSTM over a whole sequence (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000):
 *
 *     i_t, f_t, o_t = sigmoid(x_t W + h_{t-1} U + b)    g_t = tanh(x_t W + h_{t-1} U + b)
 *     c_t = f_t * c_{t-1} + i_t * g_t                    h_t = o_t * tanh(c_t)
 *
 * Gates lie side by side in the order input, forget, cell (candidate), output, as in TensorFlow.js and Keras.
 */
export const LSTM_SEQUENCE = 'SequenceLabLstmSequence';

export interface LstmInputs extends SequenceInputs {
  /** `[4 * units]` */
  readonly bias: tf.Tensor1D;
  readonly c0: tf.Tensor2D;
}

/**
 * Hidden states `[timeSteps, batch, units]`, cell states likewise, and the gates after their activation `[timeSteps,
 * batch, 4 * units]`.
 */
export type LstmOutputs = [h: tf.Tensor3D, c: tf.Tensor3D, gates: tf.Tensor3D];

/**
 * Back-propagation through time over the same sequence. Takes what the forward pass took and gave, and the gradients of
 * its outputs.
 */
export const LSTM_SEQUENCE_GRAD = 'SequenceLabLstmSequenceGrad';

export interface LstmGradInputs extends Omit<LstmInputs, 'bias'> {
  readonly h: tf.Tensor3D;
  readonly c: tf.Tensor3D;
  readonly gates: tf.Tensor3D;
  /** dL/dh_t as the loss sees it directly, `[timeSteps, batch, units]`. */
  readonly dh: tf.Tensor3D;
  /** dL/dc after the last step walked, `[batch, units]`: no layer hands out the cell states before it. */
  readonly dcLast: tf.Tensor2D;
}

/**
 * Gradients with the shapes of the inputs; `dx` is empty for token ids, which have no gradient. `norms [2, timeSteps,
 * batch]`: h, c.
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
 * A GRU over a whole sequence (Cho et al. 2014, eq. 5 to 8), with the gates update, reset and candidate side by
 * side in the order z, r, g, as in TensorFlow.js and Keras:
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
 * Hidden states, the gates after their activation `[timeSteps, batch, 3 * units]`, and what `resetAfter` needs
 * for its gradient: h_{t-1} U + b_h of the candidate, `[timeSteps, batch, units]` (zero in masked steps); empty without
 * it.
 */
export type GruOutputs = [h: tf.Tensor3D, gates: tf.Tensor3D, recurrentCandidate: tf.Tensor];

export const GRU_SEQUENCE_GRAD = 'SequenceLabGruSequenceGrad';

export interface GruGradInputs extends Omit<GruInputs, 'bias'> {
  readonly h: tf.Tensor3D;
  readonly gates: tf.Tensor3D;
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

/** A simple recurrent network (Elman 1990) over a whole sequence: h_t = activation(x_t W + h_{t-1} U + b). */
export const RNN_SEQUENCE = 'SequenceLabRnnSequence';

export interface RnnInputs extends SequenceInputs {
  /** `[units]` */
  readonly bias: tf.Tensor1D;
}

export type RnnActivation = 'tanh' | 'relu' | 'linear';

export interface RnnAttributes extends SequenceAttributes {
  readonly activation: RnnActivation;
}

/** Hidden states. */
export type RnnOutputs = [h: tf.Tensor3D];

export const RNN_SEQUENCE_GRAD = 'SequenceLabRnnSequenceGrad';

export interface RnnGradInputs extends Omit<RnnInputs, 'bias'> {
  readonly h: tf.Tensor3D;
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

/** Rows of a table, picked by ids: `table [rows, width]`, `ids [timeSteps, batch]` to `[timeSteps, batch, width]`. */
export const EMBEDDING_LOOKUP = 'SequenceLabEmbeddingLookup';

export interface EmbeddingInputs {
  readonly table: tf.Tensor2D;
  readonly ids: tf.Tensor2D;
}

/** The gradient of the table: rows of `dy` added up where the ids point, `[rows, width]`. */
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

/** (probabilities - onehot(targets)) * dLosses, `[n, classes]`. */
export const SOFTMAX_CROSS_ENTROPY_GRAD = 'SequenceLabSoftmaxCrossEntropyGrad';

export interface CrossEntropyGradInputs {
  readonly probabilities: tf.Tensor2D;
  readonly targets: tf.Tensor1D;
  readonly dLosses: tf.Tensor1D;
}

/**
 * The output layer of a language model with its loss: the mean over rows of the softmax cross-entropy of
 * x kernel + bias, `x [n, units]` or `[timeSteps, batch, units]` with timeSteps * batch = n rows, `kernel [units,
 * classes]`, `bias [classes]`, `targets [n]` (int32), in nats.
 */
export const DENSE_CROSS_ENTROPY = 'SequenceLabDenseCrossEntropy';

export interface DenseCrossEntropyInputs {
  readonly x: tf.Tensor2D | tf.Tensor3D;
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
  readonly targets: tf.Tensor1D;
}

/** The loss `[]`, and the probabilities `[n, classes]`. */
export type DenseCrossEntropyOutputs = [loss: tf.Scalar, probabilities: tf.Tensor2D];

export const DENSE_CROSS_ENTROPY_GRAD = 'SequenceLabDenseCrossEntropyGrad';

export interface DenseCrossEntropyGradInputs extends Omit<DenseCrossEntropyInputs, 'bias'> {
  readonly probabilities: tf.Tensor2D;
  /** `[]` */
  readonly dLoss: tf.Scalar;
}

/** Gradients with the shapes of the inputs. */
export type DenseCrossEntropyGradOutputs = [dx: tf.Tensor, dKernel: tf.Tensor2D, dBias: tf.Tensor1D];

/**
 * A weighted mean of the steps of each sequence, with weights that are the softmax of scores over its steps: attention
 * pooling. `h [timeSteps, batch, width]`, `scores [timeSteps, batch]`, `lengths [batch]` (int32, each at least 1).
 */
export const ATTENTION_POOL = 'SequenceLabAttentionPool';

export interface AttentionPoolInputs {
  readonly h: tf.Tensor3D;
  readonly scores: tf.Tensor2D;
  readonly lengths: tf.Tensor1D;
}

/**
 * The means `[batch, width]`, and the weights `[timeSteps, batch]`: zero past the end of a sequence, whatever its
 * scores are there.
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
 * Global attention: every step of a decoder looks at all steps of a source, with weights that are the softmax over the
 * source of scores. `query [timeSteps, batch, width]`, `keys [sourceSteps, batch, width]`, `values [sourceSteps, batch,
 * units]`, `lengths [batch]` (int32, steps of each source, at least 1). The score of query q and key k is `q . k`
 * (Luong et al. 2015, eq. 8, "dot"), or with `score [width]`, v, it is `v . tanh(q + k)` (Bahdanau et al. 2015,
 * appendix A.1.2).
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
 * The weighted means `[timeSteps, batch, units]`, and the weights `[timeSteps, batch, sourceSteps]`: zero past the end
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
 * Steps with zeros past the end of each sequence: `x [timeSteps, batch, width]`, `lengths [batch]` (int32). It is its
 * own gradient.
 */
export const MASK_STEPS = 'SequenceLabMaskSteps';

export interface MaskStepsInputs {
  readonly x: tf.Tensor3D;
  readonly lengths: tf.Tensor1D;
}

/**
 * The largest value of each unit over the steps of a sequence: `h [timeSteps, batch, width]`, `lengths [batch]` (int32,
 * each at least 1). Of equal ones the first counts.
 */
export const MAX_POOL = 'SequenceLabMaxPool';

export interface MaxPoolInputs {
  readonly h: tf.Tensor3D;
  readonly lengths: tf.Tensor1D;
}

/** The maxima `[batch, width]`, and the step of each, int32. */
export type MaxPoolOutputs = [pooled: tf.Tensor2D, steps: tf.Tensor2D];

/** The gradient by the hidden states: that of each maximum, at its step. */
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
 * One step of Adam for one tensor (Kingma and Ba 2015, Algorithm 1): weights, m, v and gradient to the new weights, m
 * and v.
 */
export const ADAM_STEP = 'SequenceLabAdamStep';

export interface AdamInputs {
  readonly weights: tf.Tensor;
  readonly m: tf.Tensor;
  readonly v: tf.Tensor;
  readonly gradient: tf.Tensor;
  /**
   * A factor of the gradient besides `gradientScale`, `[1]`, given only on backends that have `CLIP_SCALE`. Where it is
   * not finite, the step is not taken: weights, m and v come out as they were.
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
  /** The gradient is multiplied by this first: the clipping. */
  readonly gradientScale: number;
}

/**
 * The L2 norm of each input (tensors of any shape, given as a list): `[n, 2]`, rows (m, e) with norm = m * 2^e and
 * 1 <= m < 2, or m zero or not finite. Sums of squares are taken in float64, and so is the range: squares of float32
 * values underflow below 1e-23 and overflow above 1e19.
 */
export const L2_NORMS = 'SequenceLabL2Norms';

export type L2NormsInputs = Readonly<Record<string, tf.Tensor>>;

/**
 * The factor that clips a gradient to a global norm (Pascanu et al. 2013, Algorithm 1), `[1]`, from the norms of its
 * tensors, `[n, 2]` as `L2_NORMS` gives them; NaN where a norm or the loss is not finite. Only backends have it from
 * which numbers are dear to read: there the step of the optimizer must not wait for one. On the others JavaScript works
 * it out.
 */
export const CLIP_SCALE = 'SequenceLabClipScale';

export interface ClipScaleInputs {
  readonly norms: tf.Tensor2D;
  /** `[]` */
  readonly loss: tf.Scalar;
}

export interface ClipScaleAttributes {
  /** 0 does not clip. */
  readonly clipNorm: number;
}

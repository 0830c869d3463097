import type * as tf from '@tensorflow/tfjs';

/**
 * The contract of the recurrent kernels. Every backend registers its own functions under these names
 * (`tf.registerKernel`); the gradients are registered once, for all of them (`gradients.ts`). Layers
 * and models call the functions of `ops.ts` and never ask which backend is on.
 *
 * Sequences are time-major, `[timeSteps, batch, ...]`, so that one step is one contiguous block.
 * Gates lie side by side in the order input, forget, cell (candidate), output, as in TensorFlow.js and Keras.
 */

/**
 * An LSTM over a whole sequence (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000):
 *
 *     i_t, f_t, o_t = sigmoid(x_t W + h_{t-1} U + b)    g_t = tanh(x_t W + h_{t-1} U + b)
 *     c_t = f_t * c_{t-1} + i_t * g_t                    h_t = o_t * tanh(c_t)
 */
export const LSTM_SEQUENCE = 'SequenceLabLstmSequence';

export interface LstmInputs {
  /** Dense inputs `[timeSteps, batch, inputs]` (float32), or token ids `[timeSteps, batch]` (int32), which stand for one-hot vectors. */
  readonly x: tf.Tensor;
  /** `[inputs, 4 * units]` */
  readonly kernel: tf.Tensor2D;
  /** `[units, 4 * units]` */
  readonly recurrentKernel: tf.Tensor2D;
  /** `[4 * units]` */
  readonly bias: tf.Tensor1D;
  /** State before the first step, `[batch, units]`. */
  readonly h0: tf.Tensor2D;
  readonly c0: tf.Tensor2D;
}

/** Hidden states `[timeSteps, batch, units]`, cell states likewise, and the gates after their activation `[timeSteps, batch, 4 * units]`. */
export type LstmOutputs = [h: tf.Tensor3D, c: tf.Tensor3D, gates: tf.Tensor3D];

/** Back-propagation through time over the same sequence. Takes what the forward pass took and gave, and the gradients of its outputs. */
export const LSTM_SEQUENCE_GRAD = 'SequenceLabLstmSequenceGrad';

export interface LstmGradInputs extends Omit<LstmInputs, 'bias'> {
  readonly h: tf.Tensor3D;
  readonly c: tf.Tensor3D;
  readonly gates: tf.Tensor3D;
  /** dL/dh_t and dL/dc_t as the loss sees them directly, `[timeSteps, batch, units]`. */
  readonly dh: tf.Tensor3D;
  readonly dc: tf.Tensor3D;
}

/** Gradients with the shapes of the inputs. `dx` is empty (`[0]`) for token ids, which have no gradient. */
export type LstmGradOutputs = [
  dx: tf.Tensor,
  dKernel: tf.Tensor2D,
  dRecurrentKernel: tf.Tensor2D,
  dBias: tf.Tensor1D,
  dh0: tf.Tensor2D,
  dc0: tf.Tensor2D,
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

/** One step of Adam for one tensor (Kingma and Ba 2015, Algorithm 1): weights, m, v and gradient to the new weights, m and v. */
export const ADAM_STEP = 'SequenceLabAdamStep';

export interface AdamInputs {
  readonly weights: tf.Tensor;
  readonly m: tf.Tensor;
  readonly v: tf.Tensor;
  readonly gradient: tf.Tensor;
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

import * as tf from '@tensorflow/tfjs';

/** How the hidden states of a sequence become one vector. */
export type Pooling = 'attention' | 'mean' | 'last';

/** The weights of attention pooling, for hidden states of a given width. */
export interface AttentionWeights {
  /** `[width, attention]` */
  readonly kernel: tf.Tensor2D;
  /** `[attention]` */
  readonly bias: tf.Tensor1D;
  /** `[attention, 1]` */
  readonly query: tf.Tensor2D;
}

/** Far below any score, and still finite: a masked step gets a weight of exactly zero, and no gradient is NaN. */
const MASKED = -1e9;

/**
 * The share of each step in the pooled vector: softmax over the steps of `query . tanh(kernel h_t + bias)` (Yang et al.
 * 2016, "Hierarchical attention networks", eq. 5 to 7).
 * @param h hidden states `[timeSteps, batch, width]`
 * @param lengths steps of each sequence, `[batch]` int32, at least 1
 * @returns `[timeSteps, batch]`; zero past the end of a sequence, and summing to 1 over the steps of each
 */
export function attentionShares(h: tf.Tensor3D, lengths: tf.Tensor1D, { kernel, bias, query }: AttentionWeights): tf.Tensor2D {
  return tf.tidy(() => {
    const [timeSteps, batch, width] = h.shape;
    const hidden = tf.tanh(tf.add(tf.matMul(tf.reshape(h, [timeSteps * batch, width]) as tf.Tensor2D, kernel), bias)) as tf.Tensor2D;
    const scores = tf.reshape(tf.matMul(hidden, query), [timeSteps, batch]) as tf.Tensor2D;
    const masked = tf.where(stepMask(timeSteps, lengths), scores, tf.fill([timeSteps, batch], MASKED));
    return tf.transpose(tf.softmax(tf.transpose(masked))) as tf.Tensor2D;
  });
}

/** The sum of the steps, each times its share: `[timeSteps, batch, width]` and `[timeSteps, batch]` to `[batch, width]`. */
export function poolByShares(h: tf.Tensor3D, shares: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    // One matrix product for each sequence: [batch, 1, timeSteps] x [batch, timeSteps, width].
    const rows = tf.expandDims(tf.transpose(shares), 1);
    return tf.squeeze(tf.matMul(rows, tf.transpose(h, [1, 0, 2])), [1]) as tf.Tensor2D;
  });
}

/** The same share for every step of a sequence, `[timeSteps, batch]`. */
export function equalShares(timeSteps: number, lengths: tf.Tensor1D): tf.Tensor2D {
  return tf.tidy(() => tf.div(tf.cast(stepMask(timeSteps, lengths), 'float32'), tf.cast(lengths, 'float32')) as tf.Tensor2D);
}

/** Whether a step belongs to its sequence, `[timeSteps, batch]`. */
function stepMask(timeSteps: number, lengths: tf.Tensor1D): tf.Tensor2D {
  return tf.less(tf.reshape(tf.range(0, timeSteps, 1, 'int32'), [-1, 1]), tf.reshape(lengths, [1, -1])) as tf.Tensor2D;
}

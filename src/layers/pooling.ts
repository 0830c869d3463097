import * as tf from '@tensorflow/tfjs';
import { attentionPool } from '../kernels/ops.ts';

/**
 * Reduction of the hidden states of a sequence to one vector: weighted by learned attention, averaged, or the last
 * state.
 */
export type Pooling = 'attention' | 'mean' | 'last';

/**
 * Pools the hidden states of several directions with the same weights: the softmax over the steps of the sum of
 * `h_t . query` (Zhou et al. 2016, "Attention-based bidirectional LSTM networks for relation classification", without
 * the tanh), or equal weights without queries.
 * @param directions hidden states, each `[timeSteps, batch, units]`
 * @param lengths steps of each sequence, `[batch]` int32, at least 1
 * @param queries one for each direction, `[units, 1]`
 * @returns `pooled` `[batch, directions * units]`, and `weights` `[timeSteps, batch]`, which sum to 1 over the steps of
 *   a sequence
 */
export function poolSequences(
  directions: readonly tf.Tensor3D[],
  lengths: tf.Tensor1D,
  queries?: readonly tf.Tensor2D[],
): { pooled: tf.Tensor2D; weights: tf.Tensor2D } {
  const [timeSteps = 0, batch = 0] = directions[0]?.shape ?? [];
  const byDirection = queries?.map((query, index) => {
    const h = directions[index]!;
    return tf.matMul(tf.reshape(h, [timeSteps * batch, h.shape[2]]), query);
  });
  const scores: tf.Tensor2D = tf.reshape(byDirection ? tf.addN(byDirection) : tf.zeros([timeSteps * batch]), [
    timeSteps,
    batch,
  ]);
  const parts = directions.map((h) => attentionPool({ h, scores, lengths }));
  const pooled = tf.concat2d(
    parts.map((part) => part.pooled),
    1,
  );
  return { pooled, weights: parts[0]!.weights };
}

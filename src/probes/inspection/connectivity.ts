import * as tf from '@tensorflow/tfjs';
import type { LayerState } from '../../layers/sequenceLayer.ts';
import { norm } from '../numbers.ts';
import type { TextModel } from './textModel.ts';

/**
 * ||d logit / d x_t||: how much the logit of a token, before it is read, depends on the vectors that the first
 * recurrent layer has read for those before it, one-hot or embedded (Madsen 2019, "Visualizing memorization in RNNs").
 * Costs a forward and a backward pass over the tokens before.
 * @param ids of the tokens before and of the token itself, which is the last
 * @param states before the first of them
 */
export async function connectivity(
  model: TextModel,
  ids: Int32Array,
  states: readonly LayerState[],
): Promise<Float64Array> {
  const steps = ids.length - 1;
  if (steps < 1) return new Float64Array();
  const gradient = tf.tidy(() => {
    const vectors = model.inputVectors(tf.tensor2d(ids.slice(0, steps), [steps, 1], 'int32'));
    const logit = (x: tf.Tensor) =>
      tf.sum<tf.Scalar>(tf.slice(model.logits(x, states).logits, [steps - 1, ids[steps]!], [1, 1]));
    return tf.grad(logit)(vectors);
  });
  const values = await gradient.data<'float32'>();
  gradient.dispose();
  const width = values.length / steps;
  return Float64Array.from({ length: steps }, (_, t) => norm(values.subarray(t * width, (t + 1) * width)));
}

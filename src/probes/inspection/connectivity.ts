import * as tf from '@tensorflow/tfjs';
import type { LayerState } from '../../layers/sequenceLayer.ts';
import { norm } from '../../judgment/numbers.ts';
import type { TextModel } from './textModel.ts';

/**
 * Sensitivity ||d logit / d x_t|| of the logit of a token to the vectors x_t, one-hot or embedded, that the first
 * recurrent layer reads for the tokens before it (Madsen 2019, "Visualizing memorization in RNNs"). Costs a forward and
 * a backward pass over these tokens.
 * @param ids ids of the tokens before, followed by that of the token
 * @param states states before the first token
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

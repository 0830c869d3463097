import * as tf from '@tensorflow/tfjs';
import type { LanguageModel, ModelState } from '../models/languageModel.ts';

/**
 * Runs the model over a window without a gradient. What `read` makes of the logits and the state after
 * the window are all that stays; the caller disposes both.
 */
export function advance<T extends tf.Tensor>(
  model: LanguageModel,
  ids: Int32Array,
  [timeSteps, batch]: readonly [timeSteps: number, batch: number],
  state: ModelState,
  read: (logits: tf.Tensor2D) => T,
): { result: T; state: ModelState } {
  let after: ModelState = [];
  const result = tf.tidy(() => {
    const forward = model.forward(tf.tensor2d(ids, [timeSteps, batch], 'int32'), state);
    after = keepState(forward.state);
    return read(forward.logits);
  });
  return { result, state: after };
}

/** Saves a state from the tidy it was made in. */
export function keepState(state: ModelState): ModelState {
  for (const { h, c } of state) {
    tf.keep(h);
    tf.keep(c);
  }
  return state;
}

export function disposeState(state: ModelState): void {
  for (const { h, c } of state) {
    h.dispose();
    c.dispose();
  }
}

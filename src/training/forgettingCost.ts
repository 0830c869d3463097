import * as tf from '@tensorflow/tfjs';
import type { TokenSequence } from '../data/tokenSequence.ts';
import { softmaxCrossEntropy } from '../kernels/ops.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import type { Forgetting } from '../protocol/probes.ts';
import { longestOf, spreadIds } from './probedLanguageModel.ts';

/** Maximum number of positions whose loss is compared. */
const POSITIONS = 256;
/** Maximum length of the full context. */
const MAX_CONTEXT = 500;

/**
 * Losses of tokens spread over documents, given the `window` tokens before each of them and given only the last `context`
 * of these, both read from the zero state, with the standard error of the mean difference.
 * @param documents one of at least two tokens
 * @param context 1 to `window`
 */
export async function forgettingCost(
  model: LanguageModel,
  documents: readonly TokenSequence[],
  window: number,
  context: number,
): Promise<Forgetting> {
  const steps = Math.min(window, MAX_CONTEXT, longestOf(documents) - 1);
  const { ids, batch } = spreadIds(documents, steps + 1, POSITIONS);
  const short = Math.min(context, steps);
  const full = await lastLosses(model, ids, steps, batch);
  const cut = await lastLosses(model, ids.subarray((steps - short) * batch), short, batch);
  const differences = Array.from(cut, (loss, position) => loss - full[position]!);
  return {
    context: short,
    cut: mean(cut),
    full: mean(full),
    error: standardError(differences),
    positions: batch,
  };
}

/**
 * Losses of the tokens after the last step.
 * @param ids `[steps + 1, batch]`
 */
async function lastLosses(model: LanguageModel, ids: Int32Array, steps: number, batch: number): Promise<Float32Array> {
  const losses = tf.tidy(() => {
    const inputs = tf.tensor2d(ids.subarray(0, steps * batch), [steps, batch], 'int32');
    const { h } = model.hiddenStates(inputs, model.zeroState(batch));
    const last = tf.slice(h, [steps - 1, 0, 0], [1, batch, -1]) as tf.Tensor3D;
    return softmaxCrossEntropy({
      logits: model.outputsOf(last),
      targets: tf.tensor1d(ids.subarray(steps * batch), 'int32'),
    });
  });
  try {
    return await losses.data<'float32'>();
  } finally {
    losses.dispose();
  }
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

function standardError(values: readonly number[]): number {
  const center = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, values.length - 1) / values.length);
}

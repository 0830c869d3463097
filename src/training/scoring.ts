import * as tf from '@tensorflow/tfjs';
import type { EvaluationStreams } from '../data/evaluationStreams.ts';
import { softmaxCrossEntropy } from '../kernels/ops.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import { disposeState, keepState, windowTensors } from './lossAndGradients.ts';

/** Called between windows; a rejection ends the scoring with it. */
export type Breathe = () => Promise<void>;

/**
 * Mean cross-entropy of a text under a model in nats per character, with the state carried through it.
 * @param breathe lets other work in between windows (messages, cancelling)
 */
export async function scoreText(model: LanguageModel, streams: EvaluationStreams, breathe: Breathe): Promise<number> {
  let total = 0;
  let state = model.zeroState(streams.batch);
  try {
    for (const window of streams) {
      const { losses, after } = tf.tidy(() => {
        const { inputs, targets } = windowTensors(window);
        const result = model.forward(inputs, state);
        return { losses: softmaxCrossEntropy({ logits: result.logits, targets }), after: keepState(result.state) };
      });
      disposeState(state);
      state = after;
      const values = await losses.data();
      losses.dispose();
      window.weights.forEach((weight, index) => {
        total += weight * (values[index] as number);
      });
      await breathe();
    }
    return total / streams.targets;
  } finally {
    disposeState(state);
  }
}

import * as tf from '@tensorflow/tfjs';
import type { ScoredWindows } from '../data/evaluationStreams.ts';
import { softmaxCrossEntropy } from '../kernels/ops.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import { advance, disposeState, resetStreams } from './carriedState.ts';
import type { YieldNow } from './trainingTask.ts';

/**
 * Mean cross-entropy of a text or of documents in nats per token, with the state carried from window to window.
 * @param yieldNow yields to the event loop between windows, for messages and cancellation
 */
export async function scoreText(model: LanguageModel, streams: ScoredWindows, yieldNow: YieldNow): Promise<number> {
  let total = 0;
  let state = model.zeroState(streams.batch);
  try {
    for (const window of streams) {
      const { inputs, targets, timeSteps, batch, carried } = window;
      if (carried) state = resetStreams(state, carried);
      const advanced = advance(model, inputs.slice(), [timeSteps, batch], state, (logits) =>
        softmaxCrossEntropy({ logits, targets: tf.tensor1d(targets.slice(), 'int32') }),
      );
      disposeState(state);
      state = advanced.state;
      const values = await advanced.result.data();
      advanced.result.dispose();
      window.weights.forEach((weight, index) => {
        total += weight * values[index]!;
      });
      await yieldNow();
    }
    return total / streams.targetCount;
  } finally {
    disposeState(state);
  }
}

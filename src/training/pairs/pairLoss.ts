import * as tf from '@tensorflow/tfjs';
import type { PairBatch } from '../../data/pairs/pairBatches.ts';
import { denseCrossEntropy, softmaxCrossEntropy } from '../../kernels/ops.ts';
import type { StackOptions } from '../../layers/recurrentStack.ts';
import type { EncoderDecoder } from '../../models/encoderDecoder/encoderDecoder.ts';
import { type CountedRows, countedPlaces, countedRows } from '../countedSteps.ts';
import type { YieldNow } from '../trainingTask.ts';

/**
 * Mean cross-entropy of a batch in nats per token, including end marks, with teacher forcing. Call inside `tf.tidy`.
 */
export function pairLoss(model: EncoderDecoder, batch: PairBatch, options: StackOptions = {}): tf.Scalar {
  const { h, targets } = readPairs(model, batch, options);
  return denseCrossEntropy({ x: h, ...model.outputLayer, targets });
}

/** Measurements of teacher forcing over batches of pairs. */
export interface TeacherForcedScore {
  /** Mean cross-entropy in nats per token. */
  readonly loss: number;
  /** Fraction of tokens that are the most likely ones given the correct preceding tokens. */
  readonly tokenAccuracy: number;
  /** Number of tokens scored. */
  readonly tokens: number;
}

export async function scorePairs(
  model: EncoderDecoder,
  batches: Iterable<PairBatch>,
  yieldNow: YieldNow,
): Promise<TeacherForcedScore> {
  let [loss, tokens, right] = [0, 0, 0];
  for (const batch of batches) {
    const measured = tf.tidy(() => {
      const { h, targets } = readPairs(model, batch, {});
      const logits = model.logits(h);
      return { losses: softmaxCrossEntropy({ logits, targets }), answers: tf.argMax(logits, 1) };
    });
    const [losses, answers] = [await measured.losses.data(), await measured.answers.data()];
    tf.dispose(measured);
    countedPlaces(batch.target.weights).forEach((place, at) => {
      loss += losses[at]!;
      tokens += 1;
      if (answers[at] === batch.target.targets[place]) right += 1;
    });
    await yieldNow();
  }
  return { loss: loss / tokens, tokenAccuracy: right / tokens, tokens };
}

/** Inputs of the output layer at the steps that count. */
function readPairs(model: EncoderDecoder, { source, target }: PairBatch, options: StackOptions): CountedRows {
  const { state, memory } = model.encode(
    tf.tensor2d(source.ids.slice(), [source.timeSteps, source.batch], 'int32'),
    source.lengths,
    options,
  );
  const { h } = model.decode(
    tf.tensor2d(target.inputs.slice(), [target.timeSteps, target.batch], 'int32'),
    state,
    memory,
    { training: options.training ?? false },
  );
  return countedRows(h, target);
}

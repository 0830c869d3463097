import * as tf from '@tensorflow/tfjs';
import type { SequenceBatch } from '../data/synthetic/sequenceBatch.ts';
import { softmaxCrossEntropy } from '../kernels/ops.ts';
import type { SequenceModel } from '../models/sequenceModel.ts';
import { numberLosses } from './numberLoss.ts';
import { readSequences } from './sequenceLoss.ts';
import type { YieldNow, Validation } from './trainingTask.ts';

/**
 * Mean loss of a many-to-one model over batches, and the accuracy of a classifier.
 * @param quantiles quantiles that a model of numbers outputs; empty if it outputs the numbers
 */
export async function scoreSequences(
  model: SequenceModel,
  batches: readonly SequenceBatch[],
  yieldNow: YieldNow,
  quantiles: readonly number[] = [],
): Promise<Validation> {
  let n = 0;
  let loss = 0;
  let right = 0;
  for (const batch of batches) {
    const measured = tf.tidy(() => {
      const { hidden, targets } = readSequences(model, batch);
      const outputs = model.outputsOf(hidden);
      if (model.shape.outputKind === 'number') return { losses: numberLosses(outputs, targets, quantiles) };
      const hits = tf.equal(tf.argMax(outputs, 1), targets);
      return { losses: softmaxCrossEntropy({ logits: outputs, targets }), hits: tf.cast(hits, 'float32') };
    });
    n += batch.batch;
    loss += sum(await measured.losses.data());
    if (measured.hits) right += sum(await measured.hits.data());
    tf.dispose(measured);
    await yieldNow();
  }
  const numbers = model.shape.outputs / Math.max(1, quantiles.length);
  const values = model.shape.outputKind === 'class' ? n : n * numbers;
  return { loss: loss / values, n, ...(model.shape.outputKind === 'class' && { scores: { accuracy: right / n } }) };
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += values[index]!;
  return total;
}

import * as tf from '@tensorflow/tfjs';
import type { StepwiseBatch } from '../data/synthetic/stepwiseTask.ts';
import { denseCrossEntropy, softmaxCrossEntropy } from '../kernels/ops.ts';
import type { NetworkOptions } from '../models/recurrentNetwork.ts';
import type { StepwiseModel } from '../models/stepwiseModel.ts';
import { countedPlaces, countedRows } from './countedSteps.ts';
import type { YieldNow, Validation } from './trainingTask.ts';

/** Mean cross-entropy of a batch in nats per counted step. Call inside `tf.tidy`. */
export function stepwiseLoss(model: StepwiseModel, batch: StepwiseBatch, options: NetworkOptions): tf.Scalar {
  const { h, targets } = countedRows(hiddenStates(model, batch, options), batch);
  return denseCrossEntropy({ x: h, ...model.outputLayer, targets });
}

/**
 * Mean loss per counted step, the fraction of counted steps with a correct output (`accuracy`), and the fraction of
 * sequences without an error (`sequenceAccuracy`). `n` is the number of sequences.
 */
export async function scoreStepwise(
  model: StepwiseModel,
  batches: readonly StepwiseBatch[],
  yieldNow: YieldNow,
): Promise<Validation> {
  let [loss, steps, rightSteps, sequences, rightSequences] = [0, 0, 0, 0, 0];
  for (const batch of batches) {
    const measured = tf.tidy(() => {
      const { h, targets } = countedRows(hiddenStates(model, batch, {}), batch);
      const logits = model.outputsOf(h);
      return { losses: softmaxCrossEntropy({ logits, targets }), answers: tf.argMax(logits, 1) };
    });
    const [losses, answers] = [await measured.losses.data(), await measured.answers.data()];
    tf.dispose(measured);
    const wrong = new Set<number>();
    countedPlaces(batch.weights).forEach((place, at) => {
      loss += losses[at]!;
      steps += 1;
      if (answers[at] === batch.targets[place]) rightSteps += 1;
      else wrong.add(place % batch.batch);
    });
    sequences += batch.batch;
    rightSequences += batch.batch - wrong.size;
    await yieldNow();
  }
  return {
    loss: loss / steps,
    n: sequences,
    scores: { accuracy: rightSteps / steps, sequenceAccuracy: rightSequences / sequences },
  };
}

function hiddenStates(
  model: StepwiseModel,
  { inputs, timeSteps, batch }: StepwiseBatch,
  options: NetworkOptions,
): tf.Tensor3D {
  const ids = tf.tensor2d(inputs.slice(), [timeSteps, batch], 'int32');
  return model.hiddenStates(ids, model.zeroState(batch), options).h;
}

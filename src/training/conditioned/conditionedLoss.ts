import * as tf from '@tensorflow/tfjs';
import type { ConditionedBatch } from '../../data/labeled/conditionedBatches.ts';
import { denseCrossEntropy, softmaxCrossEntropy } from '../../kernels/ops.ts';
import type { StackOptions } from '../../layers/recurrentStack.ts';
import type { ConditionedModel } from '../../models/conditioned/conditionedModel.ts';
import type { Probed } from '../../probes/probed.ts';
import { type CountedRows, countedRows } from '../countedSteps.ts';
import type { YieldNow } from '../trainingTask.ts';

/** Mean cross-entropy of a batch in nats per character, including end marks. Call inside `tf.tidy`. */
export function conditionedLoss(
  model: ConditionedModel,
  batch: ConditionedBatch,
  options: StackOptions = {},
): tf.Scalar {
  const { h, targets } = readTexts(model, batch, options);
  return denseCrossEntropy({ x: h, ...model.network.outputLayer, targets });
}

/** Mean loss over batches in nats per character, and the number of characters, both including end marks. */
export async function scoreConditioned(
  model: ConditionedModel,
  batches: Iterable<ConditionedBatch>,
  yieldNow: YieldNow,
): Promise<{ readonly loss: number; readonly characters: number }> {
  let [loss, characters] = [0, 0];
  for (const batch of batches) {
    const losses = tf.tidy(() => {
      const { h, targets } = readTexts(model, batch, {});
      return softmaxCrossEntropy({ logits: model.network.outputsOf(h), targets });
    });
    const values = await losses.data();
    losses.dispose();
    for (const value of values) loss += value;
    characters += values.length;
    await yieldNow();
  }
  return { loss: loss / characters, characters };
}

/** Creates a probe of the model on a batch; each character of a text and its end mark have a loss. */
export function probedConditioned(model: ConditionedModel, { labels, texts }: ConditionedBatch): Probed {
  const { timeSteps, batch } = texts;
  const lengths = Array.from({ length: batch }, (_, b) =>
    Array.from({ length: timeSteps }, (_step, t) => texts.weights[t * batch + b]!).reduce(
      (sum, weight) => sum + weight,
      0,
    ),
  );
  return {
    layers: model.network.layers,
    parameters: model.parameters,
    timeSteps,
    lengths,
    lossAt: 'each step',
    losses(sequences, states, tapsOf) {
      const columns = (values: ArrayLike<number>) =>
        Array.from({ length: timeSteps * sequences.length }, (_, index) => {
          const [t, b] = [Math.floor(index / sequences.length), sequences[index % sequences.length]!];
          return values[t * batch + b]!;
        });
      const shape: [number, number] = [timeSteps, sequences.length];
      const state = model.stateOf(
        Int32Array.from(sequences, (sequence) => labels[sequence]!),
        states,
      );
      const ofEach = tf.tensor1d(
        sequences.map((sequence) => lengths[sequence]!),
        'int32',
      );
      const { h } = model.hiddenStates(tf.tensor2d(columns(texts.inputs), shape, 'int32'), state, {
        tapsOf,
        lengths: ofEach,
      });
      return tf.reshape(
        softmaxCrossEntropy({
          logits: model.network.outputsOf(h),
          targets: tf.tensor1d(columns(texts.targets), 'int32'),
        }),
        shape,
      );
    },
  };
}

/** Inputs of the output layer at the characters that count. */
function readTexts(model: ConditionedModel, { labels, texts }: ConditionedBatch, options: StackOptions): CountedRows {
  const ids = tf.tensor2d(texts.inputs.slice(), [texts.timeSteps, texts.batch], 'int32');
  return countedRows(model.hiddenStates(ids, model.stateOf(labels), options).h, texts);
}

import * as tf from '@tensorflow/tfjs';
import type { SequenceBatch } from '../data/synthetic/sequenceBatch.ts';
import { softmaxCrossEntropy } from '../kernels/ops.ts';
import type { SequenceModel } from '../models/sequenceModel.ts';
import { MAX_PROBED, type Probed } from '../probes/probed.ts';
import { numberLosses } from './numberLoss.ts';

/**
 * Creates a probe of a many-to-one model on the first sequences of a batch, at most 64; each has one loss, at its end.
 * @param quantiles quantiles that a model of numbers outputs; empty if it outputs the numbers
 */
export function probedSequenceModel(
  model: SequenceModel,
  batch: SequenceBatch,
  quantiles: readonly number[] = [],
): Probed {
  const { inputKind, outputKind, inputs: width } = model.shape;
  const { timeSteps } = batch;
  const values = inputKind === 'ids' ? 1 : width;
  return {
    layers: model.layers,
    parameters: model.parameters,
    timeSteps,
    lengths: new Array<number>(Math.min(MAX_PROBED, batch.batch)).fill(timeSteps),
    lossAt: 'the end',
    losses(sequences, states, tapsOf) {
      const picked = Float32Array.from({ length: timeSteps * sequences.length * values }, (_, index) => {
        const place = Math.floor(index / values);
        const [t, b] = [Math.floor(place / sequences.length), sequences[place % sequences.length]!];
        return batch.inputs[(t * batch.batch + b) * values + (index % values)]!;
      });
      const shape: [number, number] = [timeSteps, sequences.length];
      const inputs =
        inputKind === 'ids'
          ? tf.tensor2d(Int32Array.from(picked), shape, 'int32')
          : tf.tensor3d(picked, [...shape, width]);
      const outputs = model.outputsOf(model.lastHidden(inputs, states, { tapsOf }));
      const answers = outputKind === 'class' ? 1 : model.shape.outputs / Math.max(1, quantiles.length);
      const targets = sequences.flatMap((sequence) => [
        ...batch.targets.subarray(sequence * answers, (sequence + 1) * answers),
      ]);
      const losses =
        outputKind === 'class'
          ? softmaxCrossEntropy({ logits: outputs, targets: tf.tensor1d(targets, 'int32') })
          : tf.mean(tf.reshape(numberLosses(outputs, tf.tensor1d(targets), quantiles), [sequences.length, answers]), 1);
      return tf.reshape(losses, [1, sequences.length]);
    },
  };
}

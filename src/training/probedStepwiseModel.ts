import * as tf from '@tensorflow/tfjs';
import type { StepwiseBatch } from '../data/synthetic/stepwiseTask.ts';
import { softmaxCrossEntropy } from '../kernels/ops.ts';
import type { StepwiseModel } from '../models/stepwiseModel.ts';
import { MAX_PROBED, type Probed } from '../probes/probed.ts';

/**
 * Creates a probe of a model with an output at each step on the first sequences of a batch, at most 64. Steps without a
 * target have no loss.
 */
export function probedStepwiseModel(model: StepwiseModel, batch: StepwiseBatch): Probed {
  const { timeSteps } = batch;
  return {
    layers: model.layers,
    parameters: model.parameters,
    timeSteps,
    lengths: new Array<number>(Math.min(MAX_PROBED, batch.batch)).fill(timeSteps),
    lossAt: 'each step',
    losses(sequences, states, tapsOf) {
      const columns = (values: ArrayLike<number>) =>
        Array.from({ length: timeSteps * sequences.length }, (_, index) => {
          const [t, b] = [Math.floor(index / sequences.length), sequences[index % sequences.length]!];
          return values[t * batch.batch + b]!;
        });
      const shape: [number, number] = [timeSteps, sequences.length];
      const { h } = model.hiddenStates(tf.tensor2d(columns(batch.inputs), shape, 'int32'), states, { tapsOf });
      const losses = softmaxCrossEntropy({
        logits: model.outputsOf(h),
        targets: tf.tensor1d(columns(batch.targets), 'int32'),
      });
      return tf.reshape(tf.mul(losses, tf.tensor1d(columns(batch.weights))), shape);
    },
  };
}

import * as tf from '@tensorflow/tfjs';
import type { SequenceBatch } from '../data/synthetic/sequenceBatch.ts';
import { denseCrossEntropy } from '../kernels/ops.ts';
import type { NetworkOptions } from '../models/recurrentNetwork.ts';
import type { SequenceModel } from '../models/sequenceModel.ts';
import { numberLosses } from './numberLoss.ts';

/**
 * Last hidden states of a batch from zero states, `[batch, units]`, and its targets `[batch]`. Call inside `tf.tidy`.
 */
export function readSequences(
  model: SequenceModel,
  batch: SequenceBatch,
  options: NetworkOptions = {},
): { hidden: tf.Tensor2D; targets: tf.Tensor1D } {
  const { inputKind, outputKind, inputs: width } = model.shape;
  const sizes: [number, number] = [batch.timeSteps, batch.batch];
  const inputs =
    inputKind === 'ids' ? tf.tensor2d(batch.inputs, sizes, 'int32') : tf.tensor3d(batch.inputs, [...sizes, width]);
  const targets = tf.tensor1d(batch.targets, outputKind === 'class' ? 'int32' : 'float32');
  return { hidden: model.lastHidden(inputs, model.zeroState(batch.batch), options), targets };
}

/**
 * Mean loss of a batch: cross-entropy in nats for classes, and for numbers the loss of `numberLosses`.
 * @param quantiles quantiles that a model of numbers outputs; empty if it outputs the numbers
 */
export function sequenceLoss(
  model: SequenceModel,
  batch: SequenceBatch,
  options: NetworkOptions,
  quantiles: readonly number[] = [],
): tf.Scalar {
  const { hidden, targets } = readSequences(model, batch, options);
  if (model.shape.outputKind === 'class') return denseCrossEntropy({ x: hidden, ...model.outputLayer, targets });
  return tf.mean(numberLosses(model.outputsOf(hidden), targets, quantiles));
}

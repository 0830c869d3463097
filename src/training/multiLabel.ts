import * as tf from '@tensorflow/tfjs';
import type { PaddedBatch } from '../data/labeled/sequenceBatcher.ts';
import type { ForwardOptions, TokenClassifier } from '../models/tokenClassifier.ts';
import { logitsOf } from './classification.ts';

/** Padded sequences with 1 for each label that a sequence has, and 0 for the others. */
export interface LabelSetBatch extends PaddedBatch {
  /** `[batch, labels]`, row-major. */
  readonly targets: Float32Array;
}

/**
 * Mean loss of a batch in nats: for each sequence, the sum over the labels of the cross-entropy of a sigmoid. Call
 * inside `tf.tidy`.
 */
export function multiLabelLoss(model: TokenClassifier, batch: LabelSetBatch, options: ForwardOptions): tf.Scalar {
  return tf.mean(labelSetLosses(logitsOf(model, batch, options), batch.targets));
}

/** Loss of each sequence, `[batch]`: softplus(x) - y x, which is -ln of the sigmoid of x, or of 1 minus it. */
export function labelSetLosses(logits: tf.Tensor2D, targets: Float32Array): tf.Tensor1D {
  const wanted = tf.tensor2d(targets.slice(), logits.shape);
  return tf.sum(tf.sub(tf.softplus(logits), tf.mul(wanted, logits)), 1);
}

import * as tf from '@tensorflow/tfjs';
import type { CrossEntropyGradInputs, CrossEntropyInputs } from '../contract.ts';

/** Losses `[n]` in nats, and the probabilities `[n, classes]`. */
export function softmaxCrossEntropy({ logits, targets }: CrossEntropyInputs): [tf.Tensor1D, tf.Tensor2D] {
  return tf.tidy(() => {
    const logProbabilities = tf.logSoftmax(logits);
    const rows = tf.range(0, logits.shape[0], 1, 'int32');
    const losses = tf.neg(tf.gatherND(logProbabilities, tf.stack([rows, targets], 1)));
    return [losses as tf.Tensor1D, tf.exp(logProbabilities)];
  });
}

/** dL/dlogits, `[n, classes]`. */
export function softmaxCrossEntropyGrad({ probabilities, targets, dLosses }: CrossEntropyGradInputs): tf.Tensor2D {
  return tf.tidy(() => {
    const classes = probabilities.shape[1];
    const error = tf.sub(probabilities, tf.oneHot(targets, classes));
    return tf.mul(error, tf.expandDims(dLosses, 1));
  });
}

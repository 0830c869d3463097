import * as tf from '@tensorflow/tfjs';
import type {
  CrossEntropyGradInputs,
  CrossEntropyInputs,
  DenseCrossEntropyGradInputs,
  DenseCrossEntropyGradOutputs,
  DenseCrossEntropyInputs,
  DenseCrossEntropyOutputs,
} from '../contract.ts';

/** Returns the losses `[n]` in nats and the probabilities `[n, classes]`. */
export function softmaxCrossEntropy({ logits, targets }: CrossEntropyInputs): [tf.Tensor1D, tf.Tensor2D] {
  return tf.tidy(() => {
    const logProbabilities = tf.logSoftmax(logits);
    const rows = tf.range(0, logits.shape[0], 1, 'int32');
    const losses = tf.neg(tf.gatherND(logProbabilities, tf.stack([rows, targets], 1)));
    return [losses as tf.Tensor1D, tf.exp(logProbabilities)];
  });
}

/** Returns dL/dlogits, `[n, classes]`. */
export function softmaxCrossEntropyGrad({ probabilities, targets, dLosses }: CrossEntropyGradInputs): tf.Tensor2D {
  return tf.tidy(() => {
    const classes = probabilities.shape[1];
    const error = tf.sub(probabilities, tf.oneHot(targets, classes));
    return tf.mul(error, tf.expandDims(dLosses, 1));
  });
}

/** Returns the mean loss `[]` of a dense layer's logits in nats and the probabilities `[n, classes]`. */
export function denseCrossEntropy({ x, kernel, bias, targets }: DenseCrossEntropyInputs): DenseCrossEntropyOutputs {
  return tf.tidy(() => {
    const logits = tf.add<tf.Tensor2D>(tf.matMul(rowsOf(x), kernel), bias);
    const [losses, probabilities] = softmaxCrossEntropy({ logits, targets });
    return [tf.mean(losses), probabilities];
  });
}

export function denseCrossEntropyGrad({
  x,
  kernel,
  targets,
  kept,
  dLoss,
}: DenseCrossEntropyGradInputs): DenseCrossEntropyGradOutputs {
  return tf.tidy(() => {
    const probabilities = kept as tf.Tensor2D;
    const [rows] = probabilities.shape;
    const dLosses = tf.mul<tf.Tensor1D>(tf.fill([rows], 1 / rows), dLoss);
    const dLogits = softmaxCrossEntropyGrad({ probabilities, targets, dLosses });
    const dx = tf.reshape(tf.matMul(dLogits, kernel, false, true), x.shape);
    return [dx, tf.matMul(rowsOf(x), dLogits, true), tf.sum(dLogits, 0)];
  });
}

/** Reshapes `[n, units]` or `[timeSteps, batch, units]` to a matrix of rows. */
function rowsOf(x: tf.Tensor2D | tf.Tensor3D): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape.at(-1)!]);
}

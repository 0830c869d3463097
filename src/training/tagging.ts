import * as tf from '@tensorflow/tfjs';
import type { TagBatch } from '../data/tagged/tagBatch.ts';
import { softmaxCrossEntropy } from '../kernels/ops.ts';
import type { StackOptions } from '../layers/recurrentStack.ts';
import type { Tagger } from '../models/tagger.ts';

/** The mean loss of a batch in nats per word; steps past the end of a sentence do not count. Inside a tidy. */
export function taggingLoss(model: Tagger, batch: TagBatch, options: StackOptions): tf.Scalar {
  const losses = softmaxCrossEntropy({
    logits: logitsOf(model, batch, options),
    targets: tf.tensor1d(batch.tags.slice(), 'int32'),
  });
  return tf.div(tf.sum(tf.mul(losses, tf.tensor1d(batch.weights.slice()))), batch.words);
}

/** Probabilities of every tag at every step, `[timeSteps, batch, tags]`, row-major. */
export async function tagProbabilities(model: Tagger, batch: TagBatch): Promise<Float32Array> {
  const probabilities = tf.tidy(() => tf.softmax(logitsOf(model, batch, {})));
  try {
    return Float32Array.from(await probabilities.data<'float32'>());
  } finally {
    probabilities.dispose();
  }
}

function logitsOf(model: Tagger, { ids, lengths, timeSteps, batch }: TagBatch, options: StackOptions): tf.Tensor2D {
  const inputs = tf.tensor2d(ids.slice(), [timeSteps, batch], 'int32');
  return model.tagLogits(inputs, model.zeroState(batch), {
    ...options,
    lengths: tf.tensor1d(lengths.slice(), 'int32'),
  });
}

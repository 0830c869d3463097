import * as tf from '@tensorflow/tfjs';
import type { LabelledBatch } from '../data/labelled/sequenceBatcher.ts';
import { softmaxCrossEntropy } from '../kernels/ops.ts';
import type { TextClassifier } from '../models/textClassifier.ts';

/** The caller disposes both. */
export interface ClassifierGradients {
  /** Mean cross-entropy of the batch in nats; with an adversary the sum of both means. */
  readonly loss: tf.Scalar;
  /** In the order of the model's parameters. */
  readonly gradients: readonly tf.Tensor[];
}

/** A batch on the backend. */
interface Placed {
  readonly ids: tf.Tensor2D;
  readonly lengths: tf.Tensor1D;
  readonly labels: tf.Tensor1D;
}

/**
 * Loss and gradients of a batch, dropout on.
 * @param adversarialNorm length of the step, in all word vectors of a sequence together, that an adversary takes along the
 *   gradient to mislead the model; the loss there is added (Miyato et al. 2017, eq. 5 to 7). 0: no adversary.
 */
export function classifierGradients(model: TextClassifier, batch: LabelledBatch, adversarialNorm: number): ClassifierGradients {
  return tf.tidy(() => {
    const placed: Placed = {
      ids: tf.tensor2d(batch.ids.slice(), [batch.timeSteps, batch.batch], 'int32'),
      lengths: tf.tensor1d(batch.lengths.slice(), 'int32'),
      labels: tf.tensor1d(batch.labels.slice(), 'int32'),
    };
    const variables = model.parameters.map(({ variable }) => variable);
    if (adversarialNorm === 0) {
      const { value, grads } = tf.valueAndGrads(() => lossOf(model, placed))(variables);
      return { loss: value as tf.Scalar, gradients: grads };
    }
    const nowhere = tf.zeros<tf.Rank.R3>([batch.timeSteps, batch.batch, model.embedding.width]);
    const clean = tf.valueAndGrads((...inputs) => lossOf(model, placed, inputs.at(-1) as tf.Tensor3D))([...variables, nowhere]);
    const shift = adversary(clean.grads.at(-1) as tf.Tensor3D, adversarialNorm);
    const misled = tf.valueAndGrads(() => lossOf(model, placed, shift))(variables);
    return {
      loss: tf.add<tf.Scalar>(clean.value, misled.value),
      gradients: misled.grads.map((gradient, index) => tf.add(gradient, clean.grads[index] as tf.Tensor)),
    };
  });
}

function lossOf(model: TextClassifier, { ids, lengths, labels }: Placed, shift?: tf.Tensor3D): tf.Scalar {
  const { logits } = model.forward(ids, lengths, { training: true, ...(shift && { shift }) });
  return tf.mean(softmaxCrossEntropy({ logits, targets: labels }));
}

/** A gradient `[timeSteps, batch, width]`, with that of each sequence stretched or shrunk to a norm. */
function adversary(gradient: tf.Tensor3D, norm: number): tf.Tensor3D {
  const norms = tf.sqrt(tf.sum(tf.square(gradient), [0, 2], true));
  return tf.mul(gradient, tf.div(norm, tf.add(norms, 1e-12)));
}

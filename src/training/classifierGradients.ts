import * as tf from '@tensorflow/tfjs';
import type { LabeledBatch } from '../data/labeled/sequenceBatcher.ts';
import { softmaxCrossEntropy } from '../kernels/ops.ts';
import type { TextClassifier } from '../models/textClassifier.ts';

/** Loss and gradients of a batch; the caller disposes both. */
export interface ClassifierGradients {
  /** Mean cross-entropy of the batch in nats. */
  readonly loss: tf.Scalar;
  /** In the order of the model's parameters; with an adversary, gradients of the loss plus the adversarial loss. */
  readonly gradients: readonly tf.Tensor[];
}

/**
 * Computes loss and gradients of a batch with dropout.
 * @param adversarialNorm norm of the adversarial perturbation of all word vectors of a sequence together, in the
 *   direction of the gradient; the loss at the perturbed vectors is added (Miyato et al. 2017, eq. 5 to 7). 0: none
 */
export async function classifierGradients(
  model: TextClassifier,
  batch: LabeledBatch,
  adversarialNorm: number,
): Promise<ClassifierGradients> {
  const shape = [batch.timeSteps, batch.batch, model.embedding.width] as const;
  const clean = gradientsAt(model, batch, tf.zeros([...shape]));
  const [byVectors, ...gradients] = clean.gradients as [tf.Tensor, ...tf.Tensor[]];
  const slope = Float32Array.from(await byVectors.data<'float32'>());
  byVectors.dispose();
  if (adversarialNorm === 0) return { loss: clean.loss, gradients };

  const adversarial = gradientsAt(model, batch, tf.tensor3d(stretched(slope, batch, adversarialNorm), [...shape]));
  const [unused, ...others] = adversarial.gradients as [tf.Tensor, ...tf.Tensor[]];
  const sums = gradients.map((gradient, index) => tf.add(gradient, others[index]!));
  tf.dispose([unused, adversarial.loss, ...gradients, ...others]);
  return { loss: clean.loss, gradients: sums };
}

/** @param shift added to the word vectors, then disposed; its gradient is the first */
function gradientsAt(model: TextClassifier, batch: LabeledBatch, shift: tf.Tensor3D): ClassifierGradients {
  const { value, grads } = tf.tidy(() => {
    // Some backends keep the array that they receive, so pass copies.
    const ids = tf.tensor2d(batch.ids.slice(), [batch.timeSteps, batch.batch], 'int32');
    const lengths = tf.tensor1d(batch.lengths.slice(), 'int32');
    const targets = tf.tensor1d(batch.labels.slice(), 'int32');
    const lossAt = (shifted: tf.Tensor): tf.Scalar => {
      const { logits } = model.forward(ids, lengths, { training: true, shift: shifted as tf.Tensor3D });
      return tf.mean(softmaxCrossEntropy({ logits, targets }));
    };
    return tf.valueAndGrads(lossAt)([shift, ...model.parameters.map(({ variable }) => variable)]);
  });
  shift.dispose();
  return { loss: value as tf.Scalar, gradients: grads };
}

/**
 * Scales the gradient `[timeSteps, batch, width]` of each sequence to a norm, in place.
 */
function stretched(slope: Float32Array, { timeSteps, batch }: LabeledBatch, norm: number): Float32Array {
  const width = slope.length / (timeSteps * batch);
  const squares = new Float64Array(batch);
  slope.forEach((value, index) => {
    const b = Math.floor(index / width) % batch;
    squares[b] = squares[b]! + value * value;
  });
  return slope.map((value, index) => {
    const length = Math.sqrt(squares[Math.floor(index / width) % batch]!);
    return length > 0 ? (norm / length) * value : 0;
  });
}

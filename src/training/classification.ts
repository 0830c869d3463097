import * as tf from '@tensorflow/tfjs';
import { type PaddedBatch, padSequences } from '../data/labeled/sequenceBatcher.ts';
import { softmaxCrossEntropy } from '../kernels/ops.ts';
import type { ForwardOptions, TokenClassifier } from '../models/tokenClassifier.ts';
import { yieldToEventLoop } from '../platform/system.ts';
import type { Generator } from '../random/generator.ts';

/** Padded sequences with the class of each. */
export interface ClassBatch extends PaddedBatch {
  readonly labels: Int32Array;
}

/** Number of sequences scored at once. */
const SCORED = 64;

/**
 * Mean loss of a batch in nats, weighted by class. Call inside `tf.tidy`.
 * @param classWeights weight of every class; undefined: equal weights
 */
export function classificationLoss(
  model: TokenClassifier,
  batch: ClassBatch,
  classWeights: readonly number[] | undefined,
  options: ForwardOptions,
): tf.Scalar {
  const losses = softmaxCrossEntropy({
    logits: logitsOf(model, batch, options),
    targets: tf.tensor1d(batch.labels.slice(), 'int32'),
  });
  if (!classWeights) return tf.mean(losses);
  const weights = Float32Array.from(batch.labels, (label) => classWeights[label] ?? 1);
  return tf.div(
    tf.sum(tf.mul(losses, tf.tensor1d(weights))),
    weights.reduce((sum, weight) => sum + weight, 0),
  );
}

/** Logits of padded sequences, `[batch, classes]`. */
export function logitsOf(
  model: TokenClassifier,
  { ids, lengths, timeSteps, batch }: PaddedBatch,
  options: ForwardOptions = {},
): tf.Tensor2D {
  // Some backends keep the array that they receive, so pass copies.
  return model.logits(
    tf.tensor2d(ids.slice(), [timeSteps, batch], 'int32'),
    tf.tensor1d(lengths.slice(), 'int32'),
    options,
  );
}

/** Replaces a random fraction of the tokens of a batch by the unknown token (word dropout, Iyyer et al. 2015). */
export function dropWords<Batch extends PaddedBatch>(batch: Batch, share: number, masks: Generator | undefined): Batch {
  if (share === 0 || !masks) return batch;
  return { ...batch, ids: batch.ids.map((id) => (masks.nextUniform() < share ? 0 : id)) };
}

export interface ScoringOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
  /** Yields to the event loop between two batches. */
  readonly yieldNow?: (() => Promise<void>) | undefined;
  /** Probability of each label by itself (sigmoid), instead of those of one of the classes (softmax). */
  readonly separately?: boolean | undefined;
}

/**
 * Probabilities of every class for each sequence, in the order of the sequences. Sequences of similar length are
 * batched together.
 */
export async function classProbabilities(
  model: TokenClassifier,
  sequences: readonly Int32Array[],
  paddingId: number,
  { signal, onProgress, yieldNow = () => yieldToEventLoop(), separately = false }: ScoringOptions = {},
): Promise<number[][]> {
  const order = sequences.map((ids, index) => ({ ids, index })).sort((a, b) => a.ids.length - b.ids.length);
  const result: number[][] = [];
  for (let at = 0; at < order.length; at += SCORED) {
    signal?.throwIfAborted();
    const some = order.slice(at, at + SCORED);
    const probabilities = tf.tidy(() => {
      const logits = logitsOf(
        model,
        padSequences(
          some.map(({ ids }) => ids),
          paddingId,
        ),
      );
      return separately ? tf.sigmoid(logits) : tf.softmax(logits);
    });
    const rows = await probabilities.array();
    probabilities.dispose();
    some.forEach(({ index }, row) => {
      result[index] = rows[row] ?? [];
    });
    onProgress?.(at + some.length, order.length);
    await yieldNow();
  }
  return result;
}

import * as tf from '@tensorflow/tfjs';
import { type PaddedBatch, padSequences } from '../data/labeled/sequenceBatcher.ts';
import { softmaxCrossEntropy } from '../kernels/ops.ts';
import type { ForwardOptions, TokenClassifier } from '../models/tokenClassifier.ts';
import { yieldTurn } from '../platform/system.ts';
import type { Generator } from '../random/generator.ts';

/** Padded sequences with the class of each. */
export interface ClassBatch extends PaddedBatch {
  readonly labels: Int32Array;
}

/** Sequences that are scored at once. */
const SCORED = 64;

/**
 * The mean loss of a batch in nats, in which a text counts as much as its class does. Inside a tidy.
 * @param classWeights of every class; undefined where all count the same
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

function logitsOf(
  model: TokenClassifier,
  { ids, lengths, timeSteps, batch }: PaddedBatch,
  options: ForwardOptions = {},
): tf.Tensor2D {
  // Some backends keep the array they are given: hand over copies.
  return model.logits(
    tf.tensor2d(ids.slice(), [timeSteps, batch], 'int32'),
    tf.tensor1d(lengths.slice(), 'int32'),
    options,
  );
}

/** A batch with a share of its tokens read as unknown (Iyyer et al. 2015, "word dropout"). */
export function dropWords(batch: ClassBatch, share: number, masks: Generator | undefined): ClassBatch {
  if (share === 0 || !masks) return batch;
  return { ...batch, ids: batch.ids.map((id) => (masks.nextUniform() < share ? 0 : id)) };
}

export interface ScoringOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
  /** Lets other work in between two batches. */
  readonly yieldNow?: (() => Promise<void>) | undefined;
}

/**
 * Probabilities of every class for each sequence, in their order. Sequences of about the same length are computed
 * together.
 */
export async function classProbabilities(
  model: TokenClassifier,
  sequences: readonly Int32Array[],
  paddingId: number,
  { signal, onProgress, yieldNow = () => yieldTurn() }: ScoringOptions = {},
): Promise<number[][]> {
  const order = sequences.map((ids, index) => ({ ids, index })).sort((a, b) => a.ids.length - b.ids.length);
  const result: number[][] = [];
  for (let at = 0; at < order.length; at += SCORED) {
    signal?.throwIfAborted();
    const some = order.slice(at, at + SCORED);
    const probabilities = tf.tidy(() =>
      tf.softmax(
        logitsOf(
          model,
          padSequences(
            some.map(({ ids }) => ids),
            paddingId,
          ),
        ),
      ),
    );
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

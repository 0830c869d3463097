import * as tf from '@tensorflow/tfjs';
import type { EmbeddingGradAttributes, EmbeddingGradInputs, EmbeddingInputs } from '../contract.ts';

/** Rows of the table, `[timeSteps, batch, width]`. */
export function embeddingLookup({ table, ids }: EmbeddingInputs): tf.Tensor3D {
  return tf.gather<tf.Tensor>(table, ids) as tf.Tensor3D;
}

/** The gradient of the table, `[rows, width]`. */
export function embeddingLookupGrad({ dy, ids }: EmbeddingGradInputs, { rows }: EmbeddingGradAttributes): tf.Tensor2D {
  return tf.tidy(() => scatterRows(ids, tf.reshape(dy, [-1, dy.shape[2]]), rows));
}

/**
 * Adds up rows where the ids point: `updates [n, width]` into `[rows, width]`. `tf.scatterND` adds
 * duplicates; the gradient of `tf.gather` would do the same in one pass over all rows for each id.
 */
export function scatterRows(ids: tf.Tensor, updates: tf.Tensor2D, rows: number): tf.Tensor2D {
  return tf.scatterND(tf.reshape(ids, [-1, 1]), updates, [rows, updates.shape[1]]);
}

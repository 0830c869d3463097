import * as tf from '@tensorflow/tfjs';
import { embeddingLookup } from '../kernels/ops.ts';

/** The targets of a batch, and which of its steps count. */
export interface CountedTargets {
  /** `[timeSteps * batch]`, time-major. */
  readonly targets: Int32Array;
  /** 1 for steps that count, 0 for the others; at least one counts. */
  readonly weights: ArrayLike<number>;
}

/** The steps that count, as rows. */
export interface CountedRows {
  /** Hidden states, `[n, units]`. */
  readonly h: tf.Tensor2D;
  /** `[n]`, int32. */
  readonly targets: tf.Tensor1D;
}

/**
 * Gathers hidden states and targets of the counted steps. The other steps get no loss and no gradient, and take no time
 * in the output layer.
 * @param h `[timeSteps, batch, units]`
 */
export function countedRows(h: tf.Tensor3D, { targets, weights }: CountedTargets): CountedRows {
  const [timeSteps, batch, units] = h.shape;
  const rows: tf.Tensor2D = tf.reshape(h, [timeSteps * batch, units]);
  const places = countedPlaces(weights);
  // Some backends keep the array that they receive, so pass copies.
  if (places.length === targets.length) return { h: rows, targets: tf.tensor1d(targets.slice(), 'int32') };
  const picked = embeddingLookup({ table: rows, ids: tf.tensor2d(places, [places.length, 1], 'int32') });
  return {
    h: tf.reshape(picked, [places.length, units]),
    targets: tf.tensor1d(
      places.map((place) => targets[place]!),
      'int32',
    ),
  };
}

/** Indices of the counted steps, ascending. */
export function countedPlaces(weights: ArrayLike<number>): Int32Array {
  const places: number[] = [];
  for (let place = 0; place < weights.length; place++) if (weights[place] !== 0) places.push(place);
  return Int32Array.from(places);
}

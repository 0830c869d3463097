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
  /** Their hidden states, `[n, units]`. */
  readonly h: tf.Tensor2D;
  /** `[n]`, int32. */
  readonly targets: tf.Tensor1D;
}

/**
 * The hidden states of the steps that count and their targets: what does not count gets no loss and no gradient, and
 * takes no time in the output layer.
 * @param h `[timeSteps, batch, units]`
 */
export function countedRows(h: tf.Tensor3D, { targets, weights }: CountedTargets): CountedRows {
  const [timeSteps, batch, units] = h.shape;
  const rows: tf.Tensor2D = tf.reshape(h, [timeSteps * batch, units]);
  const places = countedPlaces(weights);
  // Some backends keep the array they are given: hand over copies.
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

/** The places of the steps that count, in order. */
export function countedPlaces(weights: ArrayLike<number>): Int32Array {
  const places: number[] = [];
  for (let place = 0; place < weights.length; place++) if (weights[place] !== 0) places.push(place);
  return Int32Array.from(places);
}

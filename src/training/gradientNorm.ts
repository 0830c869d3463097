import type * as tf from '@tensorflow/tfjs';

/**
 * L2 norms in float64: squares of float32 values underflow below 1e-23 and overflow above 1e19, which
 * would show a vanished gradient too early and stop an exploding one that clipping could still hold.
 */

/** The norm of one tensor; NaN or Infinity when any of its values is. */
export async function l2Norm(tensor: tf.Tensor): Promise<number> {
  let sum = 0;
  for (const value of await tensor.data()) sum += value * value;
  return Math.sqrt(sum);
}

/** The norm of several tensors taken as one vector, from their norms. */
export function globalNorm(norms: readonly number[]): number {
  return Math.hypot(...norms);
}

/**
 * The factor that clips a gradient to a norm (Pascanu et al. 2013, Algorithm 1): the direction stays,
 * the length is at most `clipNorm`.
 * @param clipNorm 0 does not clip
 */
export function clipScale(norm: number, clipNorm: number): number {
  return clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1;
}

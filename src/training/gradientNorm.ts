import type * as tf from '@tensorflow/tfjs';
import { l2Norms } from '../kernels/ops.ts';

/** The norm of each tensor; NaN or Infinity when any of its values is. */
export async function normsOf(tensors: readonly tf.Tensor[]): Promise<number[]> {
  const parts = l2Norms(tensors);
  const values = await parts.data();
  parts.dispose();
  return tensors.map((_, index) => (values[2 * index] ?? NaN) * 2 ** (values[2 * index + 1] ?? NaN));
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

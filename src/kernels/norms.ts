import type * as tf from '@tensorflow/tfjs';
import { l2Norms } from './ops.ts';

/** The L2 norm of each tensor, taken in float64; NaN or Infinity when any of its values is. */
export async function normsOf(tensors: readonly tf.Tensor[]): Promise<number[]> {
  if (tensors.length === 0) return [];
  const parts = l2Norms(tensors);
  const values = await parts.data();
  parts.dispose();
  return l2NormsIn([...values]);
}

/** Norms from their mantissas and binary exponents, by turns. */
export function l2NormsIn(parts: readonly number[]): number[] {
  return parts.flatMap((mantissa, index) => (index % 2 === 0 ? [mantissa * 2 ** parts[index + 1]!] : []));
}

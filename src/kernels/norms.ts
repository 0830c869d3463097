import type * as tf from '@tensorflow/tfjs';
import { l2Norms } from './ops.ts';

/** L2 norm of each tensor in float64; not finite if any value is not finite. */
export async function normsOf(tensors: readonly tf.Tensor[]): Promise<number[]> {
  if (tensors.length === 0) return [];
  const parts = l2Norms(tensors);
  const values = await parts.data();
  parts.dispose();
  return l2NormsIn([...values]);
}

/** Norms from alternating mantissas and binary exponents. */
export function l2NormsIn(parts: readonly number[]): number[] {
  return parts.flatMap((mantissa, index) => (index % 2 === 0 ? [mantissa * 2 ** parts[index + 1]!] : []));
}

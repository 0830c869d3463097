import type { Matrix } from './matrix.ts';

/** The L2 norm over all tensors: the square root of the sum of all squares. */
export function globalNorm(tensors: Iterable<Matrix>): number {
  let squares = 0;
  for (const { values } of tensors) for (const value of values) squares += value * value;
  return Math.sqrt(squares);
}

/** Clips every value in place to [-clipValue, clipValue]. 0: no clipping. */
export function clipByValue(gradients: ReadonlyMap<string, Matrix>, clipValue: number): void {
  if (clipValue === 0) return;
  for (const { values } of gradients.values()) {
    values.forEach((value, index) => (values[index] = Math.max(-clipValue, Math.min(clipValue, value))));
  }
}

/**
 * Scales all gradients in place by one factor to the global norm `clipNorm` if theirs is larger (Pascanu et al. 2013,
 * Algorithm 1). 0: no clipping.
 *
 * @returns the global norm before clipping.
 */
export function clipByGlobalNorm(gradients: ReadonlyMap<string, Matrix>, clipNorm: number): number {
  const norm = globalNorm(gradients.values());
  if (clipNorm > 0 && norm > clipNorm) {
    for (const { values } of gradients.values()) {
      values.forEach((value, index) => (values[index] = (value * clipNorm) / norm));
    }
  }
  return norm;
}

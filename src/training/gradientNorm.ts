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

/** Digits kept of a measured value: more than any chart shows, and few enough for small files. */
const DIGITS = 6;

/** A value as it travels: JSON has no NaN or Infinity. */
export function measured(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null;
}

export function measuredAll(values: Iterable<number>): (number | null)[] {
  return Array.from(values, measured);
}

/** The L2 norm of a vector of any magnitude, with squares that neither underflow nor overflow. */
export function norm(vector: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < vector.length; i++) largest = Math.max(largest, Math.abs(vector[i]!));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = 0; i < vector.length; i++) {
    const scaled = vector[i]! / largest;
    sum += scaled * scaled;
  }
  return largest * Math.sqrt(sum);
}

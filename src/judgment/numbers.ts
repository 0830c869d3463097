/** Significant digits of a stored value: more than charts show, and few enough for small files. */
const DIGITS = 6;

/** Rounds a value for JSON; null for NaN and Infinity, which JSON lacks. */
export function measured(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null;
}

export function measuredAll(values: Iterable<number>): (number | null)[] {
  return Array.from(values, measured);
}

/** L2 norm of a vector of any magnitude. Scaling keeps the squares from underflow and overflow. */
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

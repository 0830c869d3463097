/**
 * A float64 in two float32 numbers, mantissa and binary exponent, for a range that float32 does not have.
 * @returns (m, e) with value = m * 2^e and 1 <= |m| < 2; zero and what is not finite are m itself
 */
export function floatParts(value: number): [mantissa: number, exponent: number] {
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  return [value / 2 ** exponent, exponent];
}

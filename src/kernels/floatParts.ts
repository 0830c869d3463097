/**
 * Splits a float64 into mantissa and binary exponent, which fit into float32 even if the value does not.
 * @returns (m, e) with value = m * 2^e and 1 <= |m| < 2; for zero and values that are not finite, m is the value
 */
export function floatParts(value: number): [mantissa: number, exponent: number] {
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  return [value / 2 ** exponent, exponent];
}

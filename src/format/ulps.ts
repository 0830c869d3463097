/**
 * Distance of two numbers in units in the last place: the number of floating-point numbers from one to the other. They
 * are counted in float32 if both are float32 numbers, otherwise in float64.
 * @returns null if one of them is not finite
 */
export function ulpsApart(a: number, b: number): number | null {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return null;
  const single = Math.fround(a) === a && Math.fround(b) === b;
  const place = single ? singlePlace : doublePlace;
  const distance = place(a) - place(b);
  return Number(distance < 0n ? -distance : distance);
}

/** Place of a float32 number among all, ascending; both zeros have place 0. */
function singlePlace(value: number): bigint {
  const [bits = 0] = new Int32Array(Float32Array.of(value).buffer);
  return BigInt(bits < 0 ? -0x8000_0000 - bits : bits);
}

/** Place of a float64 number among all, ascending; both zeros have place 0. */
function doublePlace(value: number): bigint {
  const [bits = 0n] = new BigInt64Array(Float64Array.of(value).buffer);
  return bits < 0n ? -0x8000_0000_0000_0000n - bits : bits;
}

/** Range of values: a byte of 0 is its first number, 255 its second one. */
export type ValueRange = readonly [low: number, high: number];

/**
 * Values as bytes, in their order.
 * @returns the bytes, and 1 for each value that is not finite, which has no byte; null if all are finite
 */
export function quantized(
  values: Iterable<number> & { readonly length: number },
  [low, high]: ValueRange,
): { readonly values: Uint8Array<ArrayBuffer>; readonly holes: Uint8Array<ArrayBuffer> | null } {
  const bytes = new Uint8Array(values.length);
  let holes: Uint8Array<ArrayBuffer> | null = null;
  let place = 0;
  for (const value of values) {
    if (Number.isFinite(value)) bytes[place] = Math.round((255 * (value - low)) / (high - low));
    else (holes ??= new Uint8Array(values.length))[place] = 1;
    place++;
  }
  return { values: bytes, holes };
}

/** Smallest range symmetric about 0 that contains all finite values. */
export function symmetricRange(parts: Iterable<Float32Array>): ValueRange {
  let largest = 0;
  for (const part of parts)
    for (const value of part) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest > 0 ? [-largest, largest] : [-1, 1];
}

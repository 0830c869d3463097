/** Floating-point numbers of files, little-endian. */
export type FloatType = 'float32' | 'float64' | 'float16' | 'bfloat16';

interface FloatFormat {
  readonly bytesPerValue: number;
  /** The values as float32. */
  readonly read: (bytes: Uint8Array) => Float32Array;
}

/** How the numbers of each type are read. The bytes are copied: they may begin at any offset. */
export const floatTypes: Readonly<Record<FloatType, FloatFormat>> = {
  float32: { bytesPerValue: 4, read: (bytes) => new Float32Array(new Uint8Array(bytes).buffer) },
  float64: { bytesPerValue: 8, read: (bytes) => Float32Array.from(new Float64Array(new Uint8Array(bytes).buffer)) },
  float16: {
    bytesPerValue: 2,
    read: (bytes) => Float32Array.from(new Uint16Array(new Uint8Array(bytes).buffer), halfValue),
  },
  // The upper half of the bits of a float32.
  bfloat16: {
    bytesPerValue: 2,
    read: (bytes) =>
      new Float32Array(Uint32Array.from(new Uint16Array(new Uint8Array(bytes).buffer), (bits) => bits << 16).buffer),
  },
};

/** The number with these bits in IEEE 754 binary16. */
function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

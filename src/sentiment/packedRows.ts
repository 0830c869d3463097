/** A matrix quantized to 8 or 4 bits, with one scale per row. */
export interface PackedRows {
  readonly bits: 8 | 4;
  readonly width: number;
  /** Largest magnitude of all rows. */
  readonly largest: number;
  /** Largest magnitude of each row in 255ths of `largest`, rounded up. */
  readonly scales: Uint8Array;
  /** One signed byte per value (8 bits), or two values per byte with the first in the low half (4 bits). */
  readonly data: Uint8Array;
}

/** Largest quantized value by number of bits. */
const LIMITS = { 8: 127, 4: 7 } as const;

/**
 * Quantizes a matrix: divides each row by its largest magnitude and rounds to 255 or 15 levels.
 * @param values `[rows, width]`, row-major; `width` must be even with 4 bits
 */
export function packRows(values: Float32Array, width: number, bits: 8 | 4): PackedRows {
  const rows = values.length / width;
  const magnitudes = Float64Array.from({ length: rows }, (_, row) =>
    magnitude(values.subarray(row * width, (row + 1) * width)),
  );
  const largest = Math.fround(magnitudes.reduce((most, value) => Math.max(most, value), 0));
  const scales = Uint8Array.from(magnitudes, (value) =>
    largest > 0 ? Math.min(255, Math.ceil((255 * value) / largest)) : 0,
  );
  const data = new Uint8Array((values.length * bits) / 8);
  const packed: PackedRows = { bits, width, largest, scales, data };
  for (let row = 0; row < rows; row++) {
    const step = stepOf(packed, row);
    for (let k = 0; k < width; k++) {
      const whole = step > 0 ? Math.round(values[row * width + k]! / step) : 0;
      const at = row * width + k;
      if (bits === 8) data[at] = whole;
      else data[at >> 1] = data[at >> 1]! | ((whole & 15) << (4 * (at & 1)));
    }
  }
  return packed;
}

/** Adds a row to the `width` values of `target` that start at `offset`. */
export function addRow(packed: PackedRows, row: number, target: Float32Array, offset: number): void {
  const { bits, width, data } = packed;
  const step = stepOf(packed, row);
  const first = (row * width * bits) / 8;
  if (bits === 8) {
    const bytes = new Int8Array(data.buffer, data.byteOffset + first, width);
    for (let k = 0; k < width; k++) target[offset + k] = target[offset + k]! + bytes[k]! * step;
    return;
  }
  for (let k = 0; k < width; k++) {
    // The shifts extend the sign.
    const whole = (data[first + (k >> 1)]! << (28 - 4 * (k & 1))) >> 28;
    target[offset + k] = target[offset + k]! + whole * step;
  }
}

function stepOf({ largest, scales, bits }: PackedRows, row: number): number {
  return (largest * scales[row]!) / 255 / LIMITS[bits];
}

function magnitude(row: Float32Array): number {
  return row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

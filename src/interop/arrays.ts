/** Operations on row-major matrices of float32. */

/** Most axes of a tensor that is read. */
export const MOST_AXES = 16;

/** @param values `[rows, columns]` @returns `[columns, rows]` */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column]!;
  return result;
}

/**
 * Reorders blocks of rows of a matrix.
 * @param values as many blocks as `order` has entries, of equal size
 * @param order block of `values` for each block of the result
 */
export function blocksInOrder(values: Float32Array, order: readonly number[]): Float32Array {
  const size = values.length / order.length;
  const result = new Float32Array(values.length);
  order.forEach((block, place) => result.set(values.subarray(block * size, (block + 1) * size), place * size));
  return result;
}

interface ProductSizes {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** `[rows, inner]` times `[inner, columns]`, summed in float64. */
export function product(left: Float32Array, right: Float32Array, sizes: ProductSizes): Float32Array {
  const values = new Float32Array(sizes.rows * sizes.columns);
  multiplyInto(values, left, right, sizes);
  return values;
}

/** As `product`, of any numbers. @param values `[rows, columns]`, which are replaced */
export function multiplyInto(
  values: Float32Array | Float64Array,
  left: ArrayLike<number>,
  right: ArrayLike<number>,
  { rows, inner, columns }: ProductSizes,
): void {
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += left[row * inner + k]! * right[k * columns + column]!;
      values[row * columns + column] = sum;
    }
}

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

/**
 * A matrix of zeros with matrices on its diagonal.
 * @param blocks matrices of one shape @param columns columns of each
 */
export function onDiagonal(blocks: readonly Float32Array[], columns: number): Float32Array {
  const width = blocks.length * columns;
  const rows = (blocks[0]?.length ?? 0) / columns;
  const result = new Float32Array(blocks.length * rows * width);
  blocks.forEach((block, place) => {
    for (let row = 0; row < rows; row++)
      result.set(block.subarray(row * columns, (row + 1) * columns), (place * rows + row) * width + place * columns);
  });
  return result;
}

/**
 * Weights of the logits of two classes for those of the second one alone: the softmax of 0 and of a logit is its sigmoid.
 * @param values a row, or a bias of one number @returns two rows, the first of zeros
 */
export function secondOfTwo(values: Float32Array): Float32Array {
  const both = new Float32Array(2 * values.length);
  both.set(values, values.length);
  return both;
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

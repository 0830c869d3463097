/**
 * Products of a vector with a matrix in float64, and sums of outer products: a module on its own, with its own memory,
 * independent of the kernels of the backend. The matrix `[rows, columns]` has a multiple of four rows. Four rows share the
 * loads and stores of the result or of the vector.
 */

const PAIR: usize = 16;
const QUAD: usize = 32;

/** Product x A of `columns` columns of A, whose rows are `stride` bytes apart. */
export function times(x: usize, matrix: usize, rows: i32, stride: usize, columns: i32, result: usize): void {
  memory.fill(result, 0, (<usize>columns) << 3);
  const end = result + ((<usize>columns) << 3);
  const lastQuad = result + ((<usize>(columns & ~3)) << 3);
  for (let row = 0; row < rows; row += 4) {
    const x0 = v128.load64_splat(x);
    const x1 = v128.load64_splat(x, 8);
    const x2 = v128.load64_splat(x, 16);
    const x3 = v128.load64_splat(x, 24);
    let a0 = matrix;
    let a1 = a0 + stride;
    let a2 = a1 + stride;
    let a3 = a2 + stride;
    let to = result;
    while (to < lastQuad) {
      addRows(x0, x1, x2, x3, a0, a1, a2, a3, to);
      addRows(x0, x1, x2, x3, a0 + PAIR, a1 + PAIR, a2 + PAIR, a3 + PAIR, to + PAIR);
      a0 += QUAD;
      a1 += QUAD;
      a2 += QUAD;
      a3 += QUAD;
      to += QUAD;
    }
    while (to < end) {
      const sum01 = load<f64>(x) * load<f64>(a0) + load<f64>(x, 8) * load<f64>(a1);
      const sum23 = load<f64>(x, 16) * load<f64>(a2) + load<f64>(x, 24) * load<f64>(a3);
      store<f64>(to, load<f64>(to) + sum01 + sum23);
      a0 += 8;
      a1 += 8;
      a2 += 8;
      a3 += 8;
      to += 8;
    }
    x += QUAD;
    matrix += stride << 2;
  }
}

/** Adds two columns of four rows to the result. */
@inline
function addRows(x0: v128, x1: v128, x2: v128, x3: v128, a0: usize, a1: usize, a2: usize, a3: usize, to: usize): void {
  const sum01 = f64x2.add(f64x2.mul(x0, v128.load(a0)), f64x2.mul(x1, v128.load(a1)));
  const sum23 = f64x2.add(f64x2.mul(x2, v128.load(a2)), f64x2.mul(x3, v128.load(a3)));
  v128.store(to, f64x2.add(f64x2.add(v128.load(to), sum01), sum23));
}

/** Product y A^T of `columns` columns of A, whose rows are `stride` bytes apart. */
export function timesTransposed(y: usize, matrix: usize, rows: i32, stride: usize, columns: i32, result: usize): void {
  const end = y + ((<usize>columns) << 3);
  const lastPair = y + ((<usize>(columns & ~1)) << 3);
  for (let row = 0; row < rows; row += 4) {
    let a0 = matrix;
    let a1 = a0 + stride;
    let a2 = a1 + stride;
    let a3 = a2 + stride;
    let sum0 = f64x2.splat(0);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    let from = y;
    while (from < lastPair) {
      const pair = v128.load(from);
      sum0 = f64x2.add(sum0, f64x2.mul(pair, v128.load(a0)));
      sum1 = f64x2.add(sum1, f64x2.mul(pair, v128.load(a1)));
      sum2 = f64x2.add(sum2, f64x2.mul(pair, v128.load(a2)));
      sum3 = f64x2.add(sum3, f64x2.mul(pair, v128.load(a3)));
      a0 += PAIR;
      a1 += PAIR;
      a2 += PAIR;
      a3 += PAIR;
      from += PAIR;
    }
    const single = from < end ? load<f64>(from) : 0;
    store<f64>(result, total(sum0) + (from < end ? single * load<f64>(a0) : 0));
    store<f64>(result, total(sum1) + (from < end ? single * load<f64>(a1) : 0), 8);
    store<f64>(result, total(sum2) + (from < end ? single * load<f64>(a2) : 0), 16);
    store<f64>(result, total(sum3) + (from < end ? single * load<f64>(a3) : 0), 24);
    result += QUAD;
    matrix += stride << 2;
  }
}

/**
 * Adds A^T B to a sum `[columns, columns]`. A and B have a multiple of four rows; the rows of all three are `stride` bytes
 * apart.
 */
export function addOuter(a: usize, b: usize, rows: i32, stride: usize, columns: i32, sum: usize): void {
  const bytes = (<usize>columns) << 3;
  for (let row = 0; row < rows; row += 4) {
    const b1 = stride;
    const b2 = stride << 1;
    const b3 = b1 + b2;
    let to = sum;
    for (let at: usize = 0; at < bytes; at += 8) {
      const x = a + at;
      const x0 = v128.load64_splat(x);
      const x1 = v128.load64_splat(x + b1);
      const x2 = v128.load64_splat(x + b2);
      const x3 = v128.load64_splat(x + b3);
      // Rows are padded to whole pairs, so that the last pair may reach into the padding.
      for (let pair: usize = 0; pair < bytes; pair += PAIR) {
        const from = b + pair;
        addRows(x0, x1, x2, x3, from, from + b1, from + b2, from + b3, to + pair);
      }
      to += stride;
    }
    a += stride << 2;
    b += stride << 2;
  }
}

@inline
function total(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

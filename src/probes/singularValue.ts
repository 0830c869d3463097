import { Generator } from '../random/generator.ts';
import { norm } from '../judgment/numbers.ts';

/** Linear map, given by its products with vectors. */
export interface LinearMap {
  /** Length of the vectors that it maps. */
  readonly columns: number;
  /** A x, a new vector. */
  apply(x: Float64Array): Float64Array;
  /** A^T y, a new vector. */
  applyTransposed(y: Float64Array): Float64Array;
}

/** Relative change of the singular value at which the iteration may stop. */
const TOLERANCE = 1e-6;

/** Largest relative distance of the square of the result to that of a singular value of the map. */
const RESIDUAL = 1e-4;

/**
 * Largest number of columns of a map whose iteration never stops early: its result is exact, apart from rounding. In
 * larger maps a value that stays the same may be another one than the largest, if the first vector is almost orthogonal
 * to that, as is likely only with few columns.
 */
const EXACT = 8;

/** Maximum number of products with A and A^T; a map of a few hundred columns needs about ten. */
const MAX_ITERATIONS = 60;

/**
 * Largest singular value, by Golub-Kahan-Lanczos bidiagonalization with full reorthogonalization (Golub and Van
 * Loan 2013, algorithm 10.4.1) from a fixed random vector. Costs a product with A and one with A^T per iteration. With
 * s, the eigenvector of B^T B, the iteration stops where ||A^T A x - value^2 x|| = alpha beta |s_k| is small: a singular
 * value is as close (Golub and Van Loan 2013, theorem 10.1.2).
 */
export function largestSingularValue(map: LinearMap): number {
  const generator = Generator.forPurpose(0, 'singular value');
  const right = [unit(Float64Array.from({ length: map.columns }, () => generator.nextNormal()))];
  const left: Float64Array[] = [];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  let value = 0;
  for (let iteration = 0; iteration < Math.min(map.columns, MAX_ITERATIONS); iteration++) {
    const u = without(map.apply(right[iteration]!), left);
    const alpha = norm(u);
    if (!Number.isFinite(alpha)) return NaN;
    diagonal.push(alpha);
    const previous = value;
    const largest = largestOf(diagonal, offDiagonal);
    value = largest.value;
    if (alpha <= Number.EPSILON * value) return value;
    const isSteady = map.columns > EXACT && value - previous <= TOLERANCE * value;
    left.push(unit(u));
    const v = without(map.applyTransposed(left[iteration]!), right);
    const beta = norm(v);
    // The rest of v is rounding error: the Krylov space of the first vector is exhausted.
    if (beta <= 1e-14 * value) return value;
    if (isSteady && (alpha / value) * (beta / value) * largest.lastEntry <= RESIDUAL) return value;
    offDiagonal.push(beta);
    right.push(unit(v));
  }
  return value;
}

/**
 * Removes the components of a vector along orthonormal vectors. Two passes, because one leaves rounding errors.
 */
function without(vector: Float64Array, basis: readonly Float64Array[]): Float64Array {
  for (const direction of [...basis, ...basis]) {
    let along = 0;
    for (let k = 0; k < vector.length; k++) along += vector[k]! * direction[k]!;
    for (let k = 0; k < vector.length; k++) vector[k] = vector[k]! - along * direction[k]!;
  }
  return vector;
}

function unit(vector: Float64Array): Float64Array {
  const length = norm(vector);
  return vector.map((value) => value / length);
}

/** Relative precision of the root; TOLERANCE compares two of them. */
const ROOT_PRECISION = 1e-13;

/** Largest singular value of a matrix, with the size of the last entry of its right singular vector of length 1. */
interface Largest {
  readonly value: number;
  readonly lastEntry: number;
}

/** The largest singular value of an upper bidiagonal matrix B: the root of the largest eigenvalue of B^T B, by bisection. */
function largestOf(diagonal: readonly number[], offDiagonal: readonly number[]): Largest {
  const scale = Math.max(...diagonal, ...offDiagonal);
  if (scale === 0) return { value: 0, lastEntry: 1 };
  const squares = new Float64Array(diagonal.length);
  const products = new Float64Array(diagonal.length);
  for (let j = 0; j < diagonal.length; j++) {
    const alpha = diagonal[j]! / scale;
    squares[j] = squares[j]! + alpha ** 2;
    if (j + 1 === diagonal.length) break;
    const beta = offDiagonal[j]! / scale;
    squares[j + 1] = beta ** 2;
    products[j + 1] = (beta * alpha) ** 2;
  }
  // By Gershgorin's theorem no eigenvalue is above 4, because no entry of B is above 1.
  let [low, high] = [0, 4];
  while (high - low > ROOT_PRECISION * high) {
    const middle = (low + high) / 2;
    if (isAboveAll(middle, squares, products)) high = middle;
    else low = middle;
  }
  return { value: scale * Math.sqrt(high), lastEntry: lastEntryAt(high, squares, products) };
}

/**
 * Last entry of the eigenvector of a symmetric tridiagonal matrix: with the pivots p of the Sturm sequence, entry i is
 * entry i + 1 times the off-diagonal entry between them, divided by p_i.
 * @param value the largest eigenvalue, rounded up
 * @param squares squared off-diagonal entries, each at the index of its row
 */
function lastEntryAt(value: number, diagonal: Float64Array, squares: Float64Array): number {
  let pivot = Infinity;
  // Squared length of the vector up to entry j, whose entry j is 1.
  let length = 1;
  for (let j = 0; j + 1 < diagonal.length; j++) {
    pivot = value - diagonal[j]! - squares[j]! / pivot;
    length = 1 + (length * squares[j + 1]!) / pivot ** 2;
  }
  return 1 / Math.sqrt(length);
}

/**
 * True if a number is above every eigenvalue of a symmetric tridiagonal matrix, which is the case if all terms of its
 * Sturm sequence are positive.
 * @param squares squared off-diagonal entries, each at the index of its row
 */
function isAboveAll(number: number, diagonal: Float64Array, squares: Float64Array): boolean {
  let pivot = Infinity;
  for (let j = 0; j < diagonal.length; j++) {
    pivot = number - diagonal[j]! - squares[j]! / pivot;
    if (!(pivot > 0)) return false;
  }
  return true;
}

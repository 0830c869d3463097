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

/** Relative change of the singular value at which the iteration stops. */
const TOLERANCE = 1e-6;

/** Maximum number of products with A and A^T; a map of a few hundred columns needs about ten. */
const MAX_ITERATIONS = 60;

/**
 * Largest singular value, by Golub-Kahan-Lanczos bidiagonalization with full reorthogonalization (Golub and Van
 * Loan 2013, algorithm 10.4.1) from a fixed random vector. Costs a product with A and one with A^T per iteration.
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
    value = bidiagonalNorm(diagonal, offDiagonal);
    if (alpha <= Number.EPSILON * value || value - previous <= TOLERANCE * value) return value;
    left.push(unit(u));
    const v = without(map.applyTransposed(left[iteration]!), right);
    const beta = norm(v);
    // The rest of v is rounding error: the Krylov space of the first vector is exhausted.
    if (beta <= 1e-14 * value) return value;
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

/**
 * Largest singular value of an upper bidiagonal matrix B: the root of the largest eigenvalue of B^T B, by bisection.
 */
function bidiagonalNorm(diagonal: readonly number[], offDiagonal: readonly number[]): number {
  const scale = Math.max(...diagonal, ...offDiagonal);
  if (scale === 0) return 0;
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
  return scale * Math.sqrt(high);
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

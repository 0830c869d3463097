import { Generator } from '../random/generator.ts';
import { norm } from './numbers.ts';

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

/** Largest number of products with A and A^T; a map of a few hundred columns needs about ten. */
const MOST_ITERATIONS = 60;

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
  for (let iteration = 0; iteration < Math.min(map.columns, MOST_ITERATIONS); iteration++) {
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

/**
 * Largest singular value of an upper bidiagonal matrix B: the root of the largest eigenvalue of B^T B, by bisection.
 */
function bidiagonalNorm(diagonal: readonly number[], offDiagonal: readonly number[]): number {
  const scale = Math.max(...diagonal, ...offDiagonal);
  if (scale === 0) return 0;
  const [alphas, betas] = [diagonal, offDiagonal].map((values) => values.map((value) => value / scale)) as [
    number[],
    number[],
  ];
  const squares = alphas.map((alpha, j) => alpha ** 2 + (j > 0 ? (betas[j - 1] ?? 0) ** 2 : 0));
  const products = betas.map((beta, j) => (beta * (alphas[j] ?? 0)) ** 2);
  // By Gershgorin's theorem no eigenvalue is above 4, because no entry of B is above 1.
  let [low, high] = [0, 4];
  while (high - low > 1e-15 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (isAboveAll(middle, squares, products)) high = middle;
    else low = middle;
  }
  return scale * Math.sqrt(high);
}

/**
 * True if a number is above every eigenvalue of a symmetric tridiagonal matrix, which is the case if all terms of its
 * Sturm sequence are positive.
 */
function isAboveAll(number: number, diagonal: readonly number[], squaredOffDiagonal: readonly number[]): boolean {
  let pivot = Infinity;
  return diagonal.every((entry, j) => {
    pivot = number - entry - (j > 0 ? (squaredOffDiagonal[j - 1] ?? 0) / pivot : 0);
    return pivot > 0;
  });
}

import type { StateJacobians } from '../layers/jacobian/stateJacobian.ts';
import { largestSingularValue } from './singularValue.ts';

/** Largest singular values of ds_t/ds_k by lag; null at lags that were not measured. */
export interface JacobianCurves {
  readonly state: readonly (number | null)[];
  readonly h: readonly (number | null)[];
}

/** Largest number of multiplications for measuring a direction at all lags; about 20 ms. */
const AFFORDABLE = 40e6;

/** Approximate number of products with a matrix and its transpose for one singular value. */
const PRODUCTS = 12;

/** Lags that are always measured within the window. */
const LAGS = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500];

/**
 * Largest singular value of the product of the Jacobians from the last step back, by lag (Pascanu et al. 2013, eq. 5),
 * and of its h block. A lag k costs about 12 k products with the recurrent kernel. If all lags are too expensive, only
 * 1, 2, 5, 10 and so on are measured.
 */
export function jacobianCurves(jacobians: StateJacobians, kernelSize: number): JacobianCurves {
  const { steps, size, units } = jacobians;
  const costOfAll = ((steps * (steps + 1)) / 2) * PRODUCTS * kernelSize * (size / units);
  const isMeasured = (lag: number) => costOfAll <= AFFORDABLE || LAGS.includes(lag);
  const curve = (entries: number) =>
    Array.from({ length: steps + 1 }, (_, lag) => (isMeasured(lag) ? productNorm(jacobians, lag, entries) : null));
  const state = curve(size);
  return { state, h: size === units ? state : curve(units) };
}

/**
 * Largest singular value of ds_T/ds_{T-lag}, or of its block of the first `entries` rows and columns.
 */
function productNorm({ steps, size, forward, backward }: StateJacobians, lag: number, entries: number): number {
  return largestSingularValue({
    columns: entries,
    apply(x) {
      let vector = widen(x, size);
      for (let step = steps - lag; step < steps; step++) vector = forward(step, vector);
      return vector.slice(0, entries);
    },
    applyTransposed(y) {
      let vector = widen(y, size);
      for (let step = steps - 1; step >= steps - lag; step--) vector = backward(step, vector);
      return vector.slice(0, entries);
    },
  });
}

function widen(vector: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size);
  result.set(vector);
  return result;
}

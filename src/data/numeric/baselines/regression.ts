import * as z from 'zod';

/** Linear regression of each step ahead on the last values. */
export const regressionSchema = z.object({
  /** Number of values that are read. */
  lags: z.int().positive(),
  /** `[horizon][1 + lags]`: the constant, then the weight of each value, the last value first. */
  weights: z.array(z.array(z.number())),
});

export type Regression = z.output<typeof regressionSchema>;

/** Largest number of values that are read, and of rows that are fitted, spread evenly. */
const MAX_LAGS = 100;
const MAX_ROWS = 4000;
/** Squared weights that a row adds to the squared error, so that the solution is unique. */
const RIDGE = 1e-6;

/**
 * Least squares fit of the next `horizon` values to the last `window` values within stretches of a training part.
 * @returns undefined if there are fewer rows than weights
 */
export function fitRegression(
  stretches: readonly Float64Array[],
  { window, horizon }: { readonly window: number; readonly horizon: number },
): Regression | undefined {
  const lags = Math.min(window, MAX_LAGS);
  const origins = stretches.flatMap((values) =>
    Array.from({ length: Math.max(0, values.length - lags - horizon + 1) }, (_, i) => ({
      values,
      origin: i + lags - 1,
    })),
  );
  const stride = Math.max(1, Math.ceil(origins.length / MAX_ROWS));
  const rows = origins.filter((_, i) => i % stride === 0);
  const size = lags + 1;
  if (rows.length <= size) return undefined;
  const products = Array.from({ length: size }, () => new Float64Array(size));
  const answers = Array.from({ length: horizon }, () => new Float64Array(size));
  for (const { values, origin } of rows) {
    const read = readingOf(values, origin, lags);
    read.forEach((x, i) => {
      const row = products[i]!;
      for (let j = 0; j <= i; j++) row[j] = row[j]! + x * read[j]!;
      for (let ahead = 0; ahead < horizon; ahead++) {
        const answer = answers[ahead]!;
        answer[i] = answer[i]! + x * values[origin + 1 + ahead]!;
      }
    });
  }
  for (let i = 1; i < size; i++) products[i]![i] = products[i]![i]! + RIDGE * rows.length;
  const factor = cholesky(products);
  return { lags, weights: answers.map((answer) => solve(factor, answer)) };
}

/** Forecasts after a step of a stretch, `[horizon]`. @param origin last known step, at least `lags - 1` */
export function regressionForecast(values: Float64Array, origin: number, { lags, weights }: Regression): number[] {
  const read = readingOf(values, origin, lags);
  return weights.map((own) => own.reduce((sum, weight, i) => sum + weight * read[i]!, 0));
}

/** 1 and the last values, the last first. */
function readingOf(values: Float64Array, origin: number, lags: number): number[] {
  return [1, ...Array.from({ length: lags }, (_, i) => values[origin - i]!)];
}

/** Lower triangular factor L of a positive definite matrix L Lᵀ, of which the lower half is read. */
function cholesky(matrix: readonly Float64Array[]): Float64Array[] {
  const factor = matrix.map((row) => new Float64Array(row.length));
  for (let i = 0; i < matrix.length; i++) {
    for (let j = 0; j <= i; j++) {
      let value = matrix[i]![j]!;
      for (let k = 0; k < j; k++) value -= factor[i]![k]! * factor[j]![k]!;
      factor[i]![j] = i === j ? Math.sqrt(Math.max(value, Number.MIN_VALUE)) : value / factor[j]![j]!;
    }
  }
  return factor;
}

function solve(factor: readonly Float64Array[], answer: Float64Array): number[] {
  const solution = Array.from(answer);
  for (let i = 0; i < solution.length; i++) {
    for (let k = 0; k < i; k++) solution[i] = solution[i]! - factor[i]![k]! * solution[k]!;
    solution[i] = solution[i]! / factor[i]![i]!;
  }
  for (let i = solution.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < solution.length; k++) solution[i] = solution[i]! - factor[k]![i]! * solution[k]!;
    solution[i] = solution[i]! / factor[i]![i]!;
  }
  return solution;
}

/**
 * `ln(e^a + e^b + ...)` without overflow: the largest term is factored out first.
 * @returns -Infinity if there are no terms or every term is -Infinity (probability zero)
 */
export function logSumExp(terms: Float64Array): number {
  let largest = -Infinity;
  for (const term of terms) if (term > largest) largest = term;
  if (largest === -Infinity) return -Infinity;
  let sum = 0;
  for (const term of terms) sum += Math.exp(term - largest);
  return largest + Math.log(sum);
}

/** Probabilities from logarithmic weights: `e^w`, scaled to sum to 1. */
export function normalized(logWeights: Float64Array): Float64Array {
  const total = logSumExp(logWeights);
  return logWeights.map((weight) => Math.exp(weight - total));
}

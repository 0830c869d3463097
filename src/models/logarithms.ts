/**
 * `ln(e^a + e^b + ...)` without leaving the range of a double: the largest term is taken out first.
 * @returns -Infinity for no terms, and where every term is -Infinity (probability zero)
 */
export function logSumExp(terms: Float64Array): number {
  let largest = -Infinity;
  for (const term of terms) if (term > largest) largest = term;
  if (largest === -Infinity) return -Infinity;
  let sum = 0;
  for (const term of terms) sum += Math.exp(term - largest);
  return largest + Math.log(sum);
}

/** The probabilities of logarithmic weights: `e^w`, scaled so that they sum to one. */
export function normalized(logWeights: Float64Array): Float64Array {
  const total = logSumExp(logWeights);
  return logWeights.map((weight) => Math.exp(weight - total));
}

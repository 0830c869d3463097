/** Quantile of sorted values by linear interpolation between neighbors; NaN without values. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const [before, after] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
  // Infinite neighbors would give NaN.
  return before === after ? before : before + (after - before) * (place - Math.floor(place));
}

export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** Middle value, or the mean of the two in the middle; NaN without values. */
export function median(values: readonly number[]): number {
  return quantile(ascending(values), 0.5);
}

/** Probability that the interval misses the median on one side. */
const ONE_SIDED = 0.025;

/**
 * Median of values with a 95 % confidence interval between two order statistics: the number of values below the true
 * median is binomial, whatever the distribution of the values (Conover 1999, section 3.2). Of fewer than six values no
 * two enclose it with 95 % confidence; the interval is then from the smallest to the largest.
 */
export function medianInterval(values: readonly number[]): { value: number; low: number; high: number } {
  const sorted = ascending(values);
  const rank = Math.max(0, firstRank(sorted.length) - 1);
  return {
    value: quantile(sorted, 0.5),
    low: sorted[rank] ?? NaN,
    high: sorted[sorted.length - 1 - rank] ?? NaN,
  };
}

/** Largest k with P(Binomial(n, 1/2) < k) <= 0.025; 0 if there is none. */
function firstRank(n: number): number {
  let rank = 0;
  let cumulated = 0;
  let probability = 2 ** -n;
  for (let below = 0; below < n; below++) {
    cumulated += probability;
    if (cumulated > ONE_SIDED) break;
    rank = below + 1;
    probability *= (n - below) / (below + 1);
  }
  return rank;
}

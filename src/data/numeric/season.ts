/** Autocorrelation from which a peak counts as a season. */
const MIN_CORRELATION = 0.5;
/** Values that are read at most, the last ones, to bound the time of a long series. */
const MAX_VALUES = 20_000;

/**
 * Period of a season in steps: the lag of at least 2 with the highest peak of the autocorrelation, if it is at least
 * 0.5. Undefined for values without one.
 * @param longest largest period
 */
export function findSeason(values: Float32Array, longest: number): number | undefined {
  const part = values.subarray(Math.max(0, values.length - MAX_VALUES));
  const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
  const centered = part.map((value) => value - mean);
  const variance = centered.reduce((sum, value) => sum + value * value, 0);
  // Two periods at least: one period repeats nothing.
  const last = Math.min(longest, Math.floor(part.length / 2));
  if (!(variance > 0) || last < 2) return undefined;
  const correlations = Array.from({ length: last + 2 }, (_, lag) => autocorrelation(centered, lag) / variance);
  let best: number | undefined;
  for (let lag = 2; lag <= last; lag++) {
    const here = correlations[lag]!;
    if (here < MIN_CORRELATION || here <= correlations[lag - 1]! || here <= correlations[lag + 1]!) continue;
    if (best === undefined || here > correlations[best]!) best = lag;
  }
  return best;
}

/** Sum of the products of values `lag` steps apart. */
function autocorrelation(values: Float32Array, lag: number): number {
  let sum = 0;
  for (let t = lag; t < values.length; t++) sum += values[t]! * values[t - lag]!;
  return sum;
}

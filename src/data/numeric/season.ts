/** Autocorrelation from which a peak counts as a season, and its least height above the valley before it. */
const MIN_CORRELATION = 0.5;
const MIN_HEIGHT = 0.3;
/** Correlation by which a longer period must be above a shorter one: multiples of a season correlate as well. */
const LONGER = 0.05;
/** Values that are read at most, the last ones, to bound the time of a long series. */
const MAX_VALUES = 20_000;
/** Longest period that is looked for. */
const LONGEST = 1000;

/**
 * Period of a season in steps: the lag of at least 2 with the highest peak of the autocorrelation, or the first that is
 * almost as high, after the linear trend is removed. A peak is at least 0.5, and 0.3 above a valley before it. Without
 * one, the same for the changes from value to value. Undefined for values without a season.
 * @param longest largest period
 */
export function findSeason(values: ArrayLike<number>, longest = LONGEST): number | undefined {
  const first = Math.max(0, values.length - MAX_VALUES);
  const part = Array.from({ length: values.length - first }, (_, t) => values[first + t]!);
  const changes = part.slice(1).map((value, t) => value - part[t]!);
  return peakOf(withoutTrend(part), longest) ?? peakOf(withoutTrend(changes), longest);
}

function peakOf(centered: readonly number[], longest: number): number | undefined {
  const variance = centered.reduce((sum, value) => sum + value * value, 0);
  // Two periods at least: one period repeats nothing.
  const last = Math.min(longest, Math.floor(centered.length / 2));
  if (!(variance > 0) || last < 2) return undefined;
  const correlations = Array.from({ length: last + 2 }, (_, lag) => autocorrelation(centered, lag) / variance);
  let best: number | undefined;
  let valley = correlations[1]!;
  for (let lag = 2; lag <= last; lag++) {
    const here = correlations[lag]!;
    const isPeak = here > correlations[lag - 1]! && here > correlations[lag + 1]!;
    valley = Math.min(valley, here);
    if (!isPeak || here < MIN_CORRELATION || here - valley < MIN_HEIGHT) continue;
    if (best === undefined || here > correlations[best]! + LONGER) best = lag;
  }
  return best;
}

/** Residuals of the least-squares line. */
function withoutTrend(values: readonly number[]): number[] {
  const center = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [products, squares] = [0, 0];
  values.forEach((value, t) => {
    products += (t - center) * (value - mean);
    squares += (t - center) ** 2;
  });
  const slope = squares > 0 ? products / squares : 0;
  return values.map((value, t) => value - mean - slope * (t - center));
}

/** Sum of the products of values `lag` steps apart. */
function autocorrelation(values: readonly number[], lag: number): number {
  let sum = 0;
  for (let t = lag; t < values.length; t++) sum += values[t]! * values[t - lag]!;
  return sum;
}

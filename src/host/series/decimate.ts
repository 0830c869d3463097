import type { ReadonlySeries } from './series.ts';

/**
 * Decimation for drawing: steps are put into buckets, and of each bucket the lowest and the highest point
 * are kept in the order in which they occurred, so that no spike is lost (min-max decimation, as
 * oscilloscopes do). The result depends on the whole series alone, never on how it arrived: the points on
 * screen can be computed again from `metrics.jsonl`.
 */

/** More buckets than a chart has pixels would only be drawn over each other. */
export const MAX_BUCKETS = 1000;

/** The smallest power of two of steps, at least 1, that covers the series with at most `MAX_BUCKETS` buckets. */
export function bucketWidth({ x, length }: ReadonlySeries): number {
  const first = x[0] ?? 0;
  const last = x[length - 1] ?? 0;
  let width = 1;
  while (bucketOf(last, width) - bucketOf(first, width) >= MAX_BUCKETS) width *= 2;
  return width;
}

/** Which bucket a step belongs to. Buckets lie at multiples of the width, wherever the series starts. */
export function bucketOf(step: number, width: number): number {
  return Math.floor(step / width);
}

/** The whole series, decimated: x, y, x, y, ... with a y of null for the first value of a bucket that is not finite. */
export function decimate(points: ReadonlySeries): (number | null)[] {
  return decimateFrom(points, 0, bucketWidth(points));
}

/**
 * The same from the point at index `from`, which must be the first of its bucket.
 * A bucket yields its minimum and maximum (one point if they are equal) and its first value that is not
 * finite, ordered by x.
 */
export function decimateFrom({ x, y, length }: ReadonlySeries, from: number, width: number): (number | null)[] {
  const flat: (number | null)[] = [];
  let start = from;
  while (start < length) {
    const bucket = bucketOf(x[start] ?? 0, width);
    let end = start + 1;
    while (end < length && bucketOf(x[end] ?? 0, width) === bucket) end++;
    for (const index of extremes(y, start, end)) {
      const value = y[index] ?? NaN;
      flat.push(x[index] ?? 0, Number.isFinite(value) ? value : null);
    }
    start = end;
  }
  return flat;
}

/** Indices of the points of [start, end) to keep, ascending. */
function extremes(y: Float64Array, start: number, end: number): number[] {
  let low = -1;
  let high = -1;
  let broken = -1;
  for (let i = start; i < end; i++) {
    const value = y[i] ?? NaN;
    if (!Number.isFinite(value)) {
      if (broken < 0) broken = i;
      continue;
    }
    if (low < 0 || value < (y[low] ?? NaN)) low = i;
    if (high < 0 || value > (y[high] ?? NaN)) high = i;
  }
  const kept = low >= 0 && y[low] === y[high] ? [low, broken] : [low, high, broken];
  return kept.filter((index) => index >= 0).sort((a, b) => a - b);
}

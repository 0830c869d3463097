import type { ReadonlySeries } from './series.ts';

/**
 * Min-max decimation, as in oscilloscopes: the steps are divided into buckets, and each bucket keeps its lowest and its
 * highest point in their order, so that no spike is lost. The result depends only on the whole series, not on how it
 * arrived, so that the points on screen can be computed again from `metrics.jsonl`.
 */

/** Maximum number of buckets: about as many as a chart has pixels. */
export const MAX_BUCKETS = 1000;

/** Width of a bucket in steps: the smallest power of two that needs at most this number of buckets. */
export function bucketWidth({ x, length }: ReadonlySeries, buckets: number = MAX_BUCKETS): number {
  const first = x[0] ?? 0;
  const last = x[length - 1] ?? 0;
  let width = 1;
  while (bucketOf(last, width) - bucketOf(first, width) >= buckets) width *= 2;
  return width;
}

/** Index of the bucket of a step. Buckets begin at multiples of the width, wherever the series starts. */
export function bucketOf(step: number, width: number): number {
  return Math.floor(step / width);
}

/** Decimated series as x, y, x, y, ...; the first value of a bucket that is not finite has a y of null. */
export function decimate(points: ReadonlySeries): (number | null)[] {
  return decimateFrom(points, 0, bucketWidth(points));
}

/**
 * The same from the point at index `from`, which must be the first of its bucket. A bucket yields its minimum and
 * maximum (one point if they are equal) and its first value that is not finite, ordered by x.
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

/** Points of a curve in order of x. A y of null is a value that is not finite, drawn as a gap. */
export interface Points {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

export const noPoints: Points = { x: [], y: [] };

/**
 * Keeps the first `keep` points of a curve and appends others, given as x, y, x, y, ...
 * @throws RangeError if the change does not fit the curve: it keeps more points than there are, or has an incomplete
 *   point, a missing x or a decreasing x
 */
export function applyChange(
  points: Points,
  { keep, points: appended }: { readonly keep: number; readonly points: readonly (number | null)[] },
): Points {
  if (keep > points.x.length) {
    throw new RangeError(`A change keeps ${keep} points of a curve that has ${points.x.length}.`);
  }
  if (appended.length % 2 !== 0) throw new RangeError('A change ends with an x that has no y.');

  const x = points.x.slice(0, keep);
  const y = points.y.slice(0, keep);
  for (let i = 0; i < appended.length; i += 2) {
    const next = appended[i];
    const last = x.at(-1);
    if (next == null) throw new RangeError(`Point ${x.length} of a change has no x.`);
    if (last !== undefined && next < last) throw new RangeError(`A change goes back from x = ${last} to x = ${next}.`);
    x.push(next);
    y.push(appended[i + 1] ?? null);
  }
  return { x, y };
}

/** Maps each value of a curve. Values that are not finite, before or after, become gaps. */
export function mapValues({ x, y }: Points, map: (value: number) => number): Points {
  const mapped = y.map((value) => {
    const result = value === null ? NaN : map(value);
    return Number.isFinite(result) ? result : null;
  });
  return { x, y: mapped };
}

/** Returns the index of the x nearest to `target`, the first of two equally near; -1 if there is none. */
export function nearestIndex(x: readonly number[], target: number): number {
  let low = 0;
  let high = x.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) < target) low = middle + 1;
    else high = middle;
  }
  const after = x[low];
  const before = x[low - 1];
  if (after === undefined) return -1;
  return before !== undefined && target - before <= after - target ? low - 1 : low;
}

/** Returns the finite values of a curve. */
export function finiteValues(points: Points): number[] {
  return points.y.filter((y) => y !== null);
}

/** Curves of at most SHORT points have a dot on each point; those of at most FIRST points have larger dots. */
const SHORT = 60;
const FIRST = 5;
const RADIUS = 2.5;
export const LARGE_RADIUS = 4;

/**
 * Returns the radius of the dot on each point, in pixels; one number if all are equal. A long curve has dots only on
 * points between two gaps, which no line shows.
 */
export function dotRadii(points: Points): number | number[] {
  if (points.x.length <= FIRST) return LARGE_RADIUS;
  if (points.x.length <= SHORT) return RADIUS;
  const alone = (i: number) => points.y[i] != null && points.y[i - 1] == null && points.y[i + 1] == null;
  const radii = points.y.map((_, i) => (alone(i) ? RADIUS : 0));
  return radii.some((radius) => radius > 0) ? radii : 0;
}

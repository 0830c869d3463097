import type { Points } from '../charts/points.ts';

/** Mean of several curves with one standard deviation below and above it. */
export interface MeanBand {
  readonly mean: Points;
  readonly low: Points;
  readonly high: Points;
}

/** Maximum number of points of a mean. */
const MAX_POINTS = 2000;

/**
 * Mean and sample standard deviation of curves where all of them have values. Between its points, a curve is
 * interpolated linearly; next to a gap, it has no value, and neither has the mean. Of one curve, the band is empty.
 */
export function meanBand(curves: readonly Points[]): MeanBand {
  const shown = curves.filter(({ x }) => x.length > 0);
  const x = sharedX(shown);
  const values = shown.map((curve) => valuesAt(curve, x));
  const mean: (number | null)[] = [];
  const deviation: (number | null)[] = [];
  x.forEach((_, i) => {
    const here = values.map((each) => each[i] ?? null).filter((value) => value !== null);
    const isComplete = here.length === values.length && here.length > 0;
    const average = isComplete ? here.reduce((sum, value) => sum + value / here.length, 0) : null;
    mean.push(average);
    deviation.push(average === null || here.length < 2 ? null : sampleDeviation(here, average));
  });
  const shifted = (sign: number) =>
    mean.map((value, i) => {
      const by = deviation[i] ?? null;
      return value === null || by === null ? null : value + sign * by;
    });
  return { mean: { x, y: mean }, low: { x, y: shifted(-1) }, high: { x, y: shifted(1) } };
}

function sampleDeviation(values: readonly number[], mean: number): number {
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Places of the points of all curves within the range that all of them cover, ascending; of many, some at even distances. */
function sharedX(curves: readonly Points[]): number[] {
  const first = Math.max(...curves.map(({ x }) => x[0] ?? Infinity));
  const last = Math.min(...curves.map(({ x }) => x.at(-1) ?? -Infinity));
  const all = [...new Set(curves.flatMap(({ x }) => x))].filter((x) => x >= first && x <= last).sort((a, b) => a - b);
  if (all.length <= MAX_POINTS) return all;
  return Array.from({ length: MAX_POINTS }, (_, i) => all[Math.round((i * (all.length - 1)) / (MAX_POINTS - 1))] ?? 0);
}

/** Values of a curve at ascending places within its range. Of several points with one x, the last one counts. */
function valuesAt({ x, y }: Points, places: readonly number[]): (number | null)[] {
  let after = 0;
  return places.map((place) => {
    while (after < x.length && (x[after] ?? Infinity) <= place) after++;
    const [left, right] = [after - 1, after];
    const [from, start] = [x[left], y[left] ?? null];
    if (from === place || from === undefined) return start;
    const [to, end] = [x[right], y[right] ?? null];
    if (to === undefined || start === null || end === null) return null;
    return start + ((end - start) * (place - from)) / (to - from);
  });
}

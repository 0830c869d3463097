import { noPoints, type Points } from './points.ts';

/** Mean of several curves with a band of one sample standard deviation below and above it. */
export interface MeanCurve {
  readonly mean: Points;
  readonly low: Points;
  readonly high: Points;
}

/**
 * Mean and band of curves over the x that all of them reach, at the points of the curve that has most of them there; the
 * others are interpolated linearly between their points. A curve without points is left out. Where any curve has a gap,
 * the mean has one, too: a mean over fewer curves would jump.
 */
export function meanCurve(curves: readonly Points[]): MeanCurve {
  const drawn = curves.filter(({ x }) => x.length > 0);
  const [only] = drawn;
  if (!only) return { mean: noPoints, low: noPoints, high: noPoints };
  if (drawn.length === 1) return { mean: only, low: noPoints, high: noPoints };
  const x = sharedGrid(drawn);
  const values = drawn.map((curve) => interpolate(curve, x));
  const spreads = x.map((_, i) => spreadOf(values.map((each) => each[i] ?? null)));
  const along = (valueOf: (spread: Spread) => number): Points => ({
    x,
    y: spreads.map((spread) => (spread ? valueOf(spread) : null)),
  });
  return {
    mean: along(({ mean }) => mean),
    low: along(({ mean, deviation }) => mean - deviation),
    high: along(({ mean, deviation }) => mean + deviation),
  };
}

/** Ascending x within the range that all curves cover, of the curve with most of them. */
function sharedGrid(curves: readonly Points[]): number[] {
  const start = Math.max(...curves.map(({ x }) => x[0] ?? Infinity));
  const end = Math.min(...curves.map(({ x }) => x.at(-1) ?? -Infinity));
  const within = curves.map(({ x }) => [...new Set(x.filter((each) => each >= start && each <= end))]);
  return within.reduce((most, each) => (each.length > most.length ? each : most), []);
}

/** Values of a curve at ascending x within its range; null next to a gap. */
export function interpolate(points: Points, xs: readonly number[]): (number | null)[] {
  let i = 0;
  return xs.map((x) => {
    while (i + 1 < points.x.length && (points.x[i + 1] ?? Infinity) <= x) i++;
    const [x0, y0] = [points.x[i], points.y[i] ?? null];
    if (x0 === undefined || x < x0) return null;
    if (x0 === x) return y0;
    const [x1, y1] = [points.x[i + 1], points.y[i + 1] ?? null];
    if (x1 === undefined || y0 === null || y1 === null) return null;
    return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
  });
}

interface Spread {
  readonly mean: number;
  /** Sample standard deviation. */
  readonly deviation: number;
}

function spreadOf(values: readonly (number | null)[]): Spread | null {
  const finite = values.filter((value) => value !== null);
  if (finite.length < values.length) return null;
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (finite.length - 1)) };
}

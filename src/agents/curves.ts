import type { MetricEvent } from '../protocol/events.ts';
import { measuredMetrics, type RunUnits, type SeriesName } from '../protocol/metrics.ts';
import { Curves } from '../runs/series/curves.ts';
import { bucketWidth, decimateFrom } from '../runs/series/decimate.ts';
import type { ReadonlySeries } from '../runs/series/series.ts';

/** Most points of a curve in a picture, and of all curves: more make it large, and cannot be told apart. */
const [POINTS, ALL_POINTS] = [300, 500];

/** Most points of each curve of a picture. */
export function picturePoints(curves: number): number {
  return Math.min(POINTS, Math.floor(ALL_POINTS / Math.max(1, curves)));
}

/** Name of a curve. */
export function titleOf(key: SeriesName, units: RunUnits): string {
  return measuredMetrics.find((metric) => metric.key === key)?.label(units) ?? key;
}

/** Curves as pairs of step and value, decimated so that no extreme is lost. @param points most points of a curve */
export function curvesOf(
  events: readonly MetricEvent[],
  metrics: readonly SeriesName[],
  points: number,
): Record<string, [number, number | null][]> {
  const curves = new Curves();
  for (const event of events) curves.add(event);
  return Object.fromEntries(metrics.map((key) => [key, pointsOf(curves.series[key], points)]));
}

/** A bucket has its extremes, and a third point if a value in it is not finite. */
const POINTS_OF_BUCKET = 2;

function pointsOf(series: ReadonlySeries, most: number): [number, number | null][] {
  if (series.length <= most) return Array.from(series.x, (x, i) => [x, finite(series.y[i])]);
  const last = series.x[series.length - 1] ?? 0;
  let width = bucketWidth(series, Math.max(1, Math.floor(most / POINTS_OF_BUCKET) - 1));
  let flat = decimateFrom(series, 0, width);
  while (flat.length / 2 > most && width <= last) {
    width *= 2;
    flat = decimateFrom(series, 0, width);
  }
  const points = Array.from({ length: flat.length / 2 }, (_, i): [number, number | null] => [
    flat[2 * i] ?? 0,
    flat[2 * i + 1] ?? null,
  ]);
  // Two points of a single bucket with three are its extremes.
  return points.length > most ? points.filter(([, value]) => value !== null).slice(0, most) : points;
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

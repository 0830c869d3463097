import * as l10n from '@vscode/l10n';
import { formatCount, formatNumber } from './number.ts';
import { nearestIndex, noPoints, type Points } from './points.ts';
import { smoothingOf } from './scene.ts';
import { smooth } from './smoothing.ts';
import type { ChartSpec, LineSpec } from './spec.ts';
import { xTexts } from './xTexts.ts';

/** Values of a chart's curves near one x. */
export interface Reading {
  readonly x: number;
  readonly rows: readonly ReadingRow[];
}

export interface ReadingRow {
  readonly line: LineSpec;
  /** x of the nearest point, which may differ from the x of the reading. */
  readonly x: number;
  /** Null if it is not finite. */
  readonly value: number | null;
  /** Value of the smoothed curve; null if none is drawn. */
  readonly smoothed: number | null;
}

/** Reads each curve at its point nearest to `x`; null without points. The reading has the x of the first curve. */
export function readAt(
  spec: ChartSpec,
  curves: ReadonlyMap<string, Points>,
  smoothing: number,
  x: number,
): Reading | null {
  const rows = spec.lines.flatMap((line) => {
    const points = curves.get(line.key) ?? noPoints;
    const i = nearestIndex(points.x, x);
    const at = points.x[i];
    if (at === undefined) return [];
    const steps = smoothingOf(line, smoothing);
    const smoothed = steps > 0 ? (smooth(points, steps).y[i] ?? null) : null;
    return [{ line, x: at, value: points.y[i] ?? null, smoothed }];
  });
  const lead = rows[0];
  return lead ? { x: lead.x, rows } : null;
}

/** Largest number of curves that the box at the cursor names. */
const MOST_NAMED = 10;

/**
 * Row whose curve is nearest to a height; null if none is within reach.
 * @param heightOf height of a value on the chart
 */
export function nearestRow(
  { rows }: Reading,
  heightOf: (value: number) => number,
  height: number,
  reach = Infinity,
): ReadingRow | null {
  let nearest: ReadingRow | null = null;
  let distance = reach;
  for (const row of rows) {
    const value = row.smoothed ?? row.value;
    const away = value === null ? Infinity : Math.abs(heightOf(value) - height);
    if (away <= distance && Number.isFinite(away)) [nearest, distance] = [row, away];
  }
  return nearest;
}

/** The rows that have room in a box, in their order: those around the nearest one by value, or the first ones. */
export function namedRows({ rows }: Reading, nearest: ReadingRow | null): readonly ReadingRow[] {
  if (rows.length <= MOST_NAMED) return rows;
  if (!nearest) return rows.slice(0, MOST_NAMED);
  const valueOf = (row: ReadingRow) => row.smoothed ?? row.value ?? Infinity;
  const away = (row: ReadingRow) => Math.abs(valueOf(row) - valueOf(nearest));
  const named = new Set([...rows].sort((a, b) => away(a) - away(b)).slice(0, MOST_NAMED));
  return rows.filter((row) => named.has(row));
}

/** Describes a reading for screen readers. */
export function describeReading(spec: ChartSpec, reading: Reading): string {
  return [formatPosition(spec, reading.x), ...reading.rows.map((row) => formatRow(spec, row, reading.x))].join(', ');
}

/** A position within a sentence, such as "row 196 (2023-01-08 23:00)". */
export function positionAt({ xName, describeX }: ChartSpec, x: number): string {
  const position = xTexts[xName].at(formatCount(x));
  return describeX ? `${position} (${describeX(x)})` : position;
}

/** Formats the position of a reading, such as "Step 150". */
export function formatPosition({ xName, describeX }: ChartSpec, x: number): string {
  const position = xTexts[xName].start(formatCount(x));
  return describeX ? `${position} (${describeX(x)})` : position;
}

function formatRow(spec: ChartSpec, row: ReadingRow, x: number): string {
  const value = formatValue(spec, row);
  return row.x === x
    ? `${row.line.label} ${value}`
    : l10n.t('{0} at {1} {2}', row.line.label, positionAt(spec, row.x), value);
}

/** Formats the value of a row with its unit. */
export function formatValue(spec: ChartSpec, { value, smoothed }: ReadingRow): string {
  const raw = value === null ? l10n.t('not finite') : spec.describe(value);
  return smoothed === null ? raw : l10n.t('{0}, smoothed {1}', raw, formatNumber(smoothed));
}

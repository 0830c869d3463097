import { formatCount, formatNumber } from './number.ts';
import { nearestIndex, noPoints, type Points } from './points.ts';
import { smoothingOf } from './scene.ts';
import { smooth } from './smoothing.ts';
import type { ChartSpec, LineSpec } from './spec.ts';

/** The values of a chart's curves near one x. */
export interface Reading {
  readonly x: number;
  readonly rows: readonly ReadingRow[];
}

export interface ReadingRow {
  readonly line: LineSpec;
  /** Where the point read lies, which may be beside the x asked for. */
  readonly x: number;
  /** Null: not finite. */
  readonly value: number | null;
  /** The value of the smoothed curve, where one is drawn. */
  readonly smoothed: number | null;
}

/** Reads each curve at its point nearest to `x`; null while there is none. The first curve with points leads. */
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

/** A reading as one sentence, for a screen reader. */
export function readingSentence(spec: ChartSpec, reading: Reading): string {
  return [placeText(spec, reading.x), ...reading.rows.map((row) => rowText(spec, row, reading.x))].join(', ');
}

/** Where a reading is, such as "Step 150". */
export function placeText({ xName }: ChartSpec, x: number): string {
  return `${xName.charAt(0).toUpperCase()}${xName.slice(1)} ${formatCount(x)}`;
}

function rowText(spec: ChartSpec, row: ReadingRow, x: number): string {
  const beside = row.x === x ? '' : ` at ${spec.xName} ${formatCount(row.x)}`;
  return `${row.line.label}${beside} ${valueText(spec, row)}`;
}

/** The value of one row in words, with its unit. */
export function valueText(spec: ChartSpec, { value, smoothed }: ReadingRow): string {
  const raw = value === null ? 'not finite' : spec.describe(value);
  return smoothed === null ? raw : `${raw}, smoothed ${formatNumber(smoothed)}`;
}

import { formatCount, formatNumber } from './number.ts';
import { nearestIndex, noPoints, type Points } from './points.ts';
import { smoothingOf } from './scene.ts';
import { smooth } from './smoothing.ts';
import type { ChartSpec, LineSpec } from './spec.ts';

/** The values of a chart's curves near one step. */
export interface Reading {
  readonly step: number;
  readonly rows: readonly ReadingRow[];
}

export interface ReadingRow {
  readonly line: LineSpec;
  /** Step of the point read, which may be beside the step asked for. */
  readonly step: number;
  /** Null: not finite. */
  readonly value: number | null;
  /** The value of the smoothed curve, where one is drawn. */
  readonly smoothed: number | null;
}

/** Reads each curve at its point nearest to `step`; null while there is none. The first curve with points leads. */
export function readAt(
  spec: ChartSpec,
  curves: ReadonlyMap<string, Points>,
  smoothing: number,
  step: number,
): Reading | null {
  const rows = spec.lines.flatMap((line) => {
    const points = curves.get(line.key) ?? noPoints;
    const i = nearestIndex(points.x, step);
    const at = points.x[i];
    if (at === undefined) return [];
    const steps = smoothingOf(line, smoothing);
    const smoothed = steps > 0 ? (smooth(points, steps).y[i] ?? null) : null;
    return [{ line, step: at, value: points.y[i] ?? null, smoothed }];
  });
  const lead = rows[0];
  return lead ? { step: lead.step, rows } : null;
}

/** A reading as one sentence, for a screen reader. */
export function readingSentence(spec: ChartSpec, reading: Reading): string {
  return [`Step ${formatCount(reading.step)}`, ...reading.rows.map((row) => rowText(spec, row, reading.step))].join(', ');
}

function rowText(spec: ChartSpec, row: ReadingRow, step: number): string {
  const beside = row.step === step ? '' : ` at step ${formatCount(row.step)}`;
  return `${row.line.label}${beside} ${valueText(spec, row)}`;
}

/** The value of one row in words, with its unit. */
export function valueText(spec: ChartSpec, { value, smoothed }: ReadingRow): string {
  const raw = value === null ? 'not finite' : spec.describe(value);
  return smoothed === null ? raw : `${raw}, smoothed ${formatNumber(smoothed)}`;
}

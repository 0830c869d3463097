import { formatCsv } from '../../src/format/csv.ts';
import { noPoints, type Points } from './points.ts';
import type { ChartSpec } from './spec.ts';

/** A row of a table of curves, with a value for each curve: null if not finite, undefined without a point at this x. */
export interface TableRow {
  readonly x: number;
  readonly values: readonly (number | null | undefined)[];
}

/** Merges curves by x, in order. Each point is in one row; points of one curve with equal x are in separate rows. */
export function tableRows(curves: readonly Points[]): TableRow[] {
  const next = curves.map(() => 0);
  const xOf = (curve: Points, i: number) => curve.x[next[i] ?? 0] ?? Infinity;
  const rows: TableRow[] = [];
  for (;;) {
    const x = Math.min(Infinity, ...curves.map(xOf));
    if (x === Infinity) return rows;
    const values = curves.map((curve, i) => {
      if (xOf(curve, i) !== x) return undefined;
      const at = next[i] ?? 0;
      next[i] = at + 1;
      return curve.y[at] ?? null;
    });
    rows.push({ x, values });
  }
}

/** Formats the points of a chart as CSV, one row per x. Missing values and values that are not finite are empty. */
export function pointsCsv({ lines, xName }: ChartSpec, curves: ReadonlyMap<string, Points>): string {
  const rows = tableRows(lines.map(({ key }) => curves.get(key) ?? noPoints));
  return formatCsv([[xName, ...lines.map(({ label }) => label)], ...rows.map(({ x, values }) => [x, ...values])]);
}

import { noPoints, type Points } from './points.ts';
import type { ChartSpec } from './spec.ts';
import { tableRows } from './tableRows.ts';

/** The points of a chart as CSV, a row for each x; what is not finite or not there is left empty. */
export function pointsCsv({ lines, xName }: ChartSpec, curves: ReadonlyMap<string, Points>): string {
  const rows = tableRows(lines.map(({ key }) => curves.get(key) ?? noPoints));
  const head = [xName, ...lines.map(({ label }) => quoted(label))];
  return [head, ...rows.map(({ x, values }) => [x, ...values.map((value) => value ?? '')])]
    .map((row) => `${row.join(',')}\n`)
    .join('');
}

function quoted(label: string): string {
  return /[",\n]/.test(label) ? `"${label.replaceAll('"', '""')}"` : label;
}

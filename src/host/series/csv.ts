import { formatCsv } from '../../format/csv.ts';
import type { Curves } from '../../runs/series/curves.ts';
import type { Series } from '../../runs/series/series.ts';

/**
 * Metrics of a run at full resolution as CSV: one row per step, with the validation loss and scores in the row of the
 * step after which they were measured. Values that are not finite or not measured are empty.
 */
export function metricsCsv(curves: Curves): string {
  const columns: [name: string, series: Series][] = [...curves.named(), ...curves.scores, ['seconds', curves.seconds]];
  const rows = new Map<number, (number | undefined)[]>();
  columns.forEach(([, { x, y, length }], column) => {
    for (let i = 0; i < length; i++) {
      const step = x[i] ?? 0;
      let row = rows.get(step);
      if (!row) rows.set(step, (row = columns.map(() => undefined)));
      row[column] = y[i];
    }
  });
  const sorted = [...rows].sort(([a], [b]) => a - b);
  return formatCsv([['step', ...columns.map(([name]) => name)], ...sorted.map(([step, row]) => [step, ...row])]);
}

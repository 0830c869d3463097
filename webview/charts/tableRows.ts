import type { Points } from './points.ts';

/** A row of a table of curves: a value for each curve; null is not finite, undefined is no point at this step. */
export interface TableRow {
  readonly step: number;
  readonly values: readonly (number | null | undefined)[];
}

/** Merges curves by step, in order. Every point of every curve is in one row; equal steps of a curve take a row each. */
export function tableRows(curves: readonly Points[]): TableRow[] {
  const next = curves.map(() => 0);
  const stepOf = (curve: Points, i: number) => curve.x[next[i] ?? 0] ?? Infinity;
  const rows: TableRow[] = [];
  for (;;) {
    const step = Math.min(Infinity, ...curves.map(stepOf));
    if (step === Infinity) return rows;
    const values = curves.map((curve, i) => {
      if (stepOf(curve, i) !== step) return undefined;
      const at = next[i] ?? 0;
      next[i] = at + 1;
      return curve.y[at] ?? null;
    });
    rows.push({ step, values });
  }
}

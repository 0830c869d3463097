import type { RunRow } from '../../protocol/runRow.ts';
import type { Column } from '../columns.ts';
import { binsOf } from './binsOf.ts';

/** How much of the differences between runs a field explains. */
export interface FieldImportance {
  readonly column: Column;
  /** Share of the variance of the result, from 0 to 1; null if no value of the field has two runs. */
  readonly share: number | null;
  /** Number of values, or of groups of values. */
  readonly groups: number;
  /** Number of runs with a value and a result. */
  readonly runs: number;
}

/** Most groups into which the numbers of a field are divided. */
const MOST_GROUPS = 6;

/**
 * The share of the variance of a result that each field explains by itself: epsilon squared of a one-way analysis of
 * variance (Kelley 1935), the between-group share less what groups of random runs would have. A field that matters only
 * together with another one has a low share. Fields without a share are last.
 *
 * @param result a numeric column; runs in which it is not finite are left out
 */
export function fieldImportance(
  rows: readonly RunRow[],
  fields: readonly Column[],
  result: Pick<Column, 'key'>,
): FieldImportance[] {
  const finished = rows.filter((row) => resultOf(row, result) !== null);
  return fields
    .map((column) => {
      const groups = binsOf(finished, column, MOST_GROUPS).map((bin) =>
        bin.rows.flatMap((row) => resultOf(row, result) ?? []),
      );
      const runs = groups.reduce((sum, group) => sum + group.length, 0);
      return { column, share: epsilonSquared(groups), groups: groups.length, runs };
    })
    .filter(({ groups }) => groups > 1)
    .sort((a, b) => (b.share ?? -1) - (a.share ?? -1));
}

/** Result of a run; null without a finite one. */
export function resultOf({ values }: RunRow, { key }: Pick<Column, 'key'>): number | null {
  const value = values[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Epsilon squared, at least 0; null without two values in a group, or if all values are equal. */
function epsilonSquared(groups: readonly (readonly number[])[]): number | null {
  const all = groups.flat();
  const free = all.length - groups.length;
  const mean = meanOf(all);
  const total = squares(all, mean);
  if (free < 1 || total === 0) return null;
  const within = groups.reduce((sum, group) => sum + squares(group, meanOf(group)), 0);
  const expected = ((groups.length - 1) * within) / free;
  return Math.min(1, Math.max(0, (total - within - expected) / total));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function squares(values: readonly number[], mean: number): number {
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

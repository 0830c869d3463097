import type { RunRow } from '../../protocol/runRow.ts';
import type { Column } from '../columns.ts';
import { binsOf } from './binsOf.ts';
import { explainedShare } from './explainedShare.ts';

/** How much of the differences between runs a field explains. */
export interface FieldImportance {
  readonly column: Column;
  /** Share of the variance of the ranks of the result, from 0 to 1; null if no value of the field has two runs. */
  readonly share: number | null;
  /** Number of values, or of groups of values. */
  readonly groups: number;
  /** Number of runs with a value and a result. */
  readonly runs: number;
}

/** Most groups into which the numbers of a field are divided. */
const MOST_GROUPS = 6;

/**
 * The share of the variance of the ranks of a result that each field explains by itself (`explainedShare`). A field that
 * matters only together with another one has a low share. Fields without a share are last.
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
      return { column, share: explainedShare(groups), groups: groups.length, runs };
    })
    .filter(({ groups }) => groups > 1)
    .sort((a, b) => (b.share ?? -1) - (a.share ?? -1));
}

/** Result of a run; null without a finite one. */
export function resultOf({ values }: RunRow, { key }: Pick<Column, 'key'>): number | null {
  const value = values[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

import type { RowProblem } from '../inputError.ts';
import type { TableRow } from '../table/table.ts';
import { phrase } from '../../phrases/phrase.ts';

/** A row by its index in the table. */
export interface OrderedRow {
  readonly row: number;
  readonly line: number;
}

/** Rows of a series in the order of time. */
interface RowGroup {
  readonly name: string;
  readonly rows: readonly OrderedRow[];
}

/**
 * Groups the rows of a table by series, in the order in which these first occur, and sorts each series by time. Rows with
 * the same time keep their order. Rows without a time are left out and reported.
 * @param times null to keep the order of the table
 */
export function orderRows(
  {
    rows,
    times,
    groupOf,
  }: {
    readonly rows: readonly TableRow[];
    readonly times: Float64Array | null;
    readonly groupOf: (cells: readonly string[]) => string;
  },
  problems: RowProblem[],
): RowGroup[] {
  const groups = new Map<string, OrderedRow[]>();
  rows.forEach(({ line, cells }, row) => {
    if (times && Number.isNaN(times[row]!)) {
      problems.push({ line, reason: phrase('the time is missing or cannot be read, so the row is skipped') });
      return;
    }
    const name = groupOf(cells);
    const known = groups.get(name);
    if (known) known.push({ row, line });
    else groups.set(name, [{ row, line }]);
  });
  return [...groups].map(([name, own]) => ({
    name,
    rows: times ? own.sort((a, b) => times[a.row]! - times[b.row]! || a.row - b.row) : own,
  }));
}

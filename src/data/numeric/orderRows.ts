import type { RowProblem } from '../inputError.ts';
import type { TableRows } from '../table/rows.ts';
import { phrase } from '../../phrases/phrase.ts';

/** Rows of a series in the order of time, by their indices in the table. */
interface RowGroup {
  readonly name: string;
  readonly rows: Uint32Array;
}

/**
 * Groups the rows of a table by series, in the order in which these first occur, and sorts each series by time. Rows with
 * the same time keep their order. Rows without a time are left out and reported.
 * @param times null to keep the order of the table
 * @param groupOf the series of a row; omitted for one series
 */
export function orderRows(
  {
    rows,
    times,
    groupOf,
  }: {
    readonly rows: TableRows;
    readonly times: Float64Array | null;
    readonly groupOf?: ((row: number) => string) | undefined;
  },
  problems: RowProblem[],
): RowGroup[] {
  if (!groupOf && !times?.some(Number.isNaN)) {
    const all = new Uint32Array(rows.length);
    for (let row = 0; row < all.length; row++) all[row] = row;
    if (times) sortByTime(all, times);
    return all.length === 0 ? [] : [{ name: '', rows: all }];
  }
  const numbers = new Map<string, number>();
  /** Number of the series of each row; -1 for one without a time. */
  const groups = new Int32Array(rows.length);
  const sizes: number[] = [];
  for (let row = 0; row < rows.length; row++) {
    groups[row] = -1;
    if (times && Number.isNaN(times[row]!)) {
      const reason = phrase('the time is missing or cannot be read, so the row is skipped');
      problems.push({ line: rows.lineOf(row), reason });
      continue;
    }
    const name = groupOf?.(row) ?? '';
    let group = numbers.get(name);
    if (group === undefined) {
      group = sizes.length;
      numbers.set(name, group);
      sizes.push(0);
    }
    groups[row] = group;
    sizes[group]!++;
  }
  const ordered = sizes.map((size) => new Uint32Array(size));
  const filled = sizes.map(() => 0);
  groups.forEach((group, row) => {
    if (group >= 0) ordered[group]![filled[group]!++] = row;
  });
  if (times) for (const own of ordered) sortByTime(own, times);
  return [...numbers.keys()].map((name, group) => ({ name, rows: ordered[group]! }));
}

/** Sorts rows by time, unless they are, as most are. */
function sortByTime(rows: Uint32Array, times: Float64Array): void {
  for (let i = 1; i < rows.length; i++) {
    if (times[rows[i]!]! >= times[rows[i - 1]!]!) continue;
    rows.sort((a, b) => times[a]! - times[b]! || a - b);
    return;
  }
}

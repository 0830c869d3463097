import type { CellValue, RunRow } from '../protocol/runRow.ts';

/** A column to sort by, by its key. */
export interface SortKey {
  readonly column: string;
  readonly descending: boolean;
}

const collator = new Intl.Collator(undefined, { numeric: true });

/**
 * Sorts rows by several columns, the first one first. Rows without a value are last in both directions, and rows that
 * are equal in all columns keep their order.
 */
export function sortRows(rows: readonly RunRow[], by: readonly SortKey[]): RunRow[] {
  const ranks = by.map(({ column, descending }) => ranksOf(rows, column, descending));
  const order = Array.from(rows.keys()).sort((a, b) => {
    for (const rank of ranks) {
      const difference = (rank[a] ?? 0) - (rank[b] ?? 0);
      // Two missing values are both infinite.
      if (difference !== 0 && !Number.isNaN(difference)) return difference;
    }
    return a - b;
  });
  return order.flatMap((place) => rows[place] ?? []);
}

/**
 * Merges rows into others, both sorted by the same columns: as `sortRows` sorts all of them.
 * @param placeOf place of a row among all, which orders rows that are equal in all columns
 */
export function mergeRows(
  rows: readonly RunRow[],
  others: readonly RunRow[],
  by: readonly SortKey[],
  placeOf: (row: RunRow) => number,
): RunRow[] {
  const merged: RunRow[] = [];
  let next = 0;
  for (const other of others) {
    for (let row = rows[next]; row && compareRows(row, other, by, placeOf) < 0; row = rows[++next]) merged.push(row);
    merged.push(other);
  }
  for (const row of rows.slice(next)) merged.push(row);
  return merged;
}

function compareRows(a: RunRow, b: RunRow, by: readonly SortKey[], placeOf: (row: RunRow) => number): number {
  for (const { column, descending } of by) {
    const [one, two] = [comparable(a.values[column] ?? null), comparable(b.values[column] ?? null)];
    if (one === two) continue;
    if (one === null) return 1;
    if (two === null) return -1;
    return descending ? compare(two, one) : compare(one, two);
  }
  return placeOf(a) - placeOf(b);
}

/** The rank of each row in a column: infinite without a value. Texts are compared once for each distinct text. */
function ranksOf(rows: readonly RunRow[], column: string, descending: boolean): Float64Array {
  const cells = rows.map(({ values }) => comparable(values[column] ?? null));
  const distinct = [...new Set(cells)].filter((cell) => cell !== null).sort(compare);
  const rankOf = new Map(distinct.map((cell, rank) => [cell, descending ? -rank : rank]));
  return Float64Array.from(cells, (cell) => (cell === null ? Infinity : (rankOf.get(cell) ?? Infinity)));
}

function comparable(cell: CellValue): string | number | null {
  if (typeof cell === 'boolean') return Number(cell);
  return typeof cell === 'object' && cell !== null ? cell.join(', ') : cell;
}

/** Orders different cells: numbers before texts, such as the slots of colors before those that users have chosen. */
function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  return typeof b === 'number' ? 1 : collator.compare(a, b) || (a < b ? -1 : 1);
}

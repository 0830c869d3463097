import type { CellValue, RunRow } from '../protocol/runRow.ts';
import { type Column, COLUMNS, type ColumnType } from './columns.ts';

/** Mean and spread of a column over the rows of a group that have a value. */
export interface Spread {
  readonly mean: number;
  /** Sample standard deviation; null for a single value. */
  readonly deviation: number | null;
  /** Number of values. */
  readonly count: number;
}

export interface RowGroup {
  /** The value that the rows share. */
  readonly value: CellValue;
  /** The rows in their order. */
  readonly rows: readonly RunRow[];
  /** By the keys of the numeric columns; a column without a value is absent. */
  readonly spreads: Readonly<Record<string, Spread>>;
}

const NUMERIC: ReadonlySet<ColumnType> = new Set(['number', 'duration']);
const numericKeys = COLUMNS.filter(({ type }) => NUMERIC.has(type)).map(({ key }) => key);

/** Groups rows by their value in a column, in the order of the first row of each group. */
export function groupRows(rows: readonly RunRow[], column: string): RowGroup[] {
  const groups = new Map<string, RunRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(row.values[column] ?? null);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].map((group) => ({
    value: group[0]?.values[column] ?? null,
    rows: group,
    spreads: spreadsOf(group),
  }));
}

/** Formats a mean with its standard deviation, such as "1.497 ± 0.0041"; the mean alone if all values are equal. */
export function formatSpread({ mean, deviation }: Spread, { format, type }: Column, row: RunRow): string {
  const shown = format(Number(mean.toPrecision(6)), row);
  if (deviation === null || deviation === 0) return shown;
  return `${shown} ± ${type === 'duration' ? format(deviation, row) : Number(deviation.toPrecision(2))}`;
}

function spreadsOf(rows: readonly RunRow[]): Record<string, Spread> {
  const spreads: Record<string, Spread> = {};
  for (const key of numericKeys) {
    const spread = spreadOf(rows, key);
    if (spread) spreads[key] = spread;
  }
  return spreads;
}

/**
 * Mean and spread of a column over rows; undefined if none has a value. Adds up value by value (Welford 1962), which is
 * exact enough for large values with small differences.
 */
export function spreadOf(rows: readonly RunRow[], key: string): Spread | undefined {
  let [count, mean, squares] = [0, 0, 0];
  for (const { values } of rows) {
    const value = values[key];
    if (typeof value !== 'number') continue;
    count++;
    const difference = value - mean;
    mean += difference / count;
    squares += difference * (value - mean);
  }
  if (count === 0) return undefined;
  return { mean, deviation: count === 1 ? null : Math.sqrt(squares / (count - 1)), count };
}

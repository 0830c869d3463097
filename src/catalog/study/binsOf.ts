import type { CellValue, RunRow } from '../../protocol/runRow.ts';
import type { Column } from '../columns.ts';

/** Rows with the same value of a column, or with numbers next to each other. */
export interface Bin {
  /** Text of the value, or of the smallest and largest number. */
  readonly label: string;
  readonly rows: readonly RunRow[];
}

/**
 * Divides rows by their values in a column: a bin for each value, or, of numbers with more than `most` values, that many
 * bins with about equally many values each. Numbers and texts are in their order. Rows without a value are in no bin.
 */
export function binsOf(rows: readonly RunRow[], column: Column, most: number): Bin[] {
  const byValue = new Map<string, { readonly value: NonNullable<CellValue>; readonly rows: RunRow[] }>();
  for (const row of rows) {
    const value = row.values[column.key] ?? null;
    if (value === null) continue;
    const key = JSON.stringify(value);
    const known = byValue.get(key);
    if (known) known.rows.push(row);
    else byValue.set(key, { value, rows: [row] });
  }
  const text = (value: CellValue, row: RunRow | undefined) => (row ? column.format(value, row) : '') || String(value);
  const groups = [...byValue.values()].sort((a, b) => compare(a.value, b.value));
  const isDivided = groups.length > most && groups.every(({ value }) => typeof value === 'number');
  if (!isDivided) return groups.map(({ value, rows: own }) => ({ label: text(value, own[0]), rows: own }));
  return Array.from({ length: most }, (_, i) => {
    const part = groups.slice(Math.round((i * groups.length) / most), Math.round(((i + 1) * groups.length) / most));
    const [first, last] = [part[0], part.at(-1)];
    const ends = [first, last].flatMap((group) => (group ? text(group.value, group.rows[0]) : []));
    return { label: [...new Set(ends)].join(' – '), rows: part.flatMap((group) => group.rows) };
  });
}

const collator = new Intl.Collator('en', { numeric: true });

function compare(a: NonNullable<CellValue>, b: NonNullable<CellValue>): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
}

import { InputError } from '../inputError.ts';
import type { Table } from './table.ts';

/**
 * The column that is meant, from 0.
 * @param wanted its name, or its number from 1
 * @throws InputError when there is no such column
 */
export function columnNamed(table: Table, wanted: string): number {
  const byName = table.columns.findIndex((name) => name === wanted);
  const byNumber = /^[1-9]\d*$/.test(wanted) ? Number(wanted) - 1 : -1;
  const column = byName >= 0 ? byName : byNumber;
  if (column >= 0 && column < table.columns.length) return column;
  throw new InputError('no-column', `"${table.name}" has no column "${wanted}"; it has ${table.columns.join(', ')}.`);
}

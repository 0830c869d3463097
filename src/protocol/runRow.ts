import * as z from 'zod';

/** Value of a cell; null if the run does not have it. A date is an ISO text, a duration is in seconds. */
const cellValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()).readonly()]).nullable();

/** Whether something is a row. A page receives a hundred thousand cells at a time, for which a schema is slow. */
export function isRunRow(row: unknown): row is RunRow {
  if (!isObject(row) || !('id' in row) || typeof row.id !== 'string') return false;
  return 'values' in row && isObject(row.values) && Object.values(row.values).every(isCell);
}

function isCell(cell: unknown): boolean {
  return (
    cell === null ||
    ['string', 'number', 'boolean'].includes(typeof cell) ||
    (Array.isArray(cell) && cell.every((each) => typeof each === 'string'))
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A run as a row of a table, with its values by the keys of the columns (`src/catalog/columns.ts`). */
export const runRow = z.object({ id: z.string(), values: z.record(z.string(), cellValue).readonly() }).readonly();

export type CellValue = z.output<typeof cellValue>;
export type RunRow = z.output<typeof runRow>;

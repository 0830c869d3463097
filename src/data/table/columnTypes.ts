import { type Dialect, missingTest } from './dialect.ts';
import { parseQuantity } from './numbers.ts';
import type { Table } from './table.ts';
import { timeKind } from './times.ts';

/** Kind of the values in a column. */
export type ColumnType = 'number' | 'integer' | 'time' | 'category' | 'text' | 'identifier' | 'constant' | 'blank';

/** Rows that decide about the type of a column, spread over the table. */
const SAMPLED = 1000;
/** Fraction of the filled cells that have to be numbers, for a column of numbers. */
const NUMBERS = 0.5;
/** Minimum number of rows per distinct value in a column of categories. */
const ROWS_PER_CLASS = 2;
/** Maximum number of distinct values in a column of categories. */
const MAX_CLASSES = 500;
/** Minimum number of rows from which consecutive numbers are those of the rows. */
const MIN_ROWS = 5;

const IDENTIFIER_NAME = /^(?:|#|(?:.*[\s_.-])?(?:id|uuid|guid|index|idx|key)|unnamed: 0|row(?: number)?|nr|no)$/i;
/** Digits, or letters and digits of a code, such as `000017` or `3f9a-88`. */
const CODE = /^(?=.*\d)[A-Za-z0-9_:-]+$/;

type Source = Pick<Table, 'rows' | 'columns' | 'dialect'>;

/** Determines the types of all columns. */
export function columnTypes(table: Source): ColumnType[] {
  return table.columns.map((_, column) => typeOf(table, column));
}

function typeOf(table: Source, column: number): ColumnType {
  const { rows, columns, dialect } = table;
  const cellAt = (row: number) => rows.cell(row, column).trim();
  if (isEvery(rows.length, (row) => cellAt(row) === '')) return 'blank';
  const first = cellAt(0);
  if (rows.length > 1 && isEvery(rows.length, (row) => cellAt(row) === first)) return 'constant';
  const isMissing = missingTest(dialect);
  const cells = spreadRows(rows.length, SAMPLED)
    .map(cellAt)
    .filter((cell) => !isMissing(cell));
  const kind = timeKind(table, column);
  if (kind !== undefined) return 'time';
  const name = columns[column] ?? '';
  const values = numbersOf(cells, dialect);
  const distinct = new Set(cells);
  const areDistinct = distinct.size === cells.length && cells.length >= MIN_ROWS;
  if (values) {
    const areIntegers = values.every(Number.isInteger);
    const counts = columns.length > 1 && areIntegers && areDistinct && areConsecutive(rows.length, cellAt);
    const named = areIntegers && areDistinct && columns.length > 1 && IDENTIFIER_NAME.test(name.trim()) && name !== '';
    const padded = cells.some((cell) => /^0\d/.test(cell)) && areDistinct;
    return counts || named || padded ? 'identifier' : areIntegers ? 'integer' : 'number';
  }
  if (areDistinct && columns.length > 1 && cells.every((cell) => CODE.test(cell)) && areAlike(cells))
    return 'identifier';
  return distinct.size <= MAX_CLASSES && ROWS_PER_CLASS * distinct.size <= cells.length ? 'category' : 'text';
}

/** The numbers in cells; undefined if too few are numbers. */
function numbersOf(cells: readonly string[], dialect: Dialect): number[] | undefined {
  const values = cells.flatMap((cell) => parseQuantity(cell, dialect)?.value ?? []);
  return values.length > NUMBERS * cells.length ? values : undefined;
}

/** True for numbers that increase by one from row to row, as those of rows do. */
function areConsecutive(rows: number, cellAt: (row: number) => string): boolean {
  const start = Number(cellAt(0));
  return (start === 0 || start === 1) && isEvery(rows, (row) => Number(cellAt(row)) === start + row);
}

/** True for codes of about the same length. */
function areAlike(cells: readonly string[]): boolean {
  const lengths = cells.map(({ length }) => length);
  return Math.max(...lengths) - Math.min(...lengths) <= 2;
}

function isEvery(rows: number, test: (row: number) => boolean): boolean {
  for (let row = 0; row < rows; row++) if (!test(row)) return false;
  return rows > 0;
}

/** Indices of at most `limit` rows at equal distances. */
export function spreadRows(rows: number, limit: number): number[] {
  const step = Math.max(1, rows / limit);
  return Array.from({ length: Math.min(limit, rows) }, (_, index) => Math.floor(index * step));
}

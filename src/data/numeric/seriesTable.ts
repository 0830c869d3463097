import type { TextSource } from '../../config/textSource.ts';
import type { RowProblem } from '../inputError.ts';
import { readTable } from '../table/readTable.ts';
import type { TableRow } from '../table/table.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';

/** A column of numbers: NaN where a cell has none, with the reason by its row. */
export interface Numbers {
  readonly values: Float64Array;
  readonly unit: string;
  readonly reasons: ReadonlyMap<number, Text>;
}

/** A table as a series of numbers reads it. */
export interface SeriesTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  readonly problems: readonly RowProblem[];
  readonly notes: readonly Text[];
  /** Column of times; undefined if there is none. */
  readonly timeColumn: number | undefined;
  /** Whether a column of numbers is an identifier or a constant, which says nothing about the series. */
  isUninformative(column: number): boolean;
  numbers(column: number): Numbers;
  /** Milliseconds since 1970 UTC, NaN where a cell has no time. */
  times(column: number): Float64Array;
}

/** Reads a table for a series. @throws InputError for a file that is not a table */
export async function readSeriesTable(source: TextSource): Promise<SeriesTable> {
  const table = await readTable(source, { header: false });
  const header = table.header ? undefined : headerOf(table.rows);
  const columns = header ? header.cells.map((cell) => cell.trim()) : table.columns;
  const rows = header ? table.rows.slice(1) : table.rows;
  const cellsOf = (column: number) => rows.map(({ cells }) => cells[column] ?? '');
  return {
    name: table.name,
    columns,
    rows,
    problems: table.problems,
    notes: [],
    timeColumn: undefined,
    isUninformative: (column) => new Set(cellsOf(column)).size === 1,
    numbers(column) {
      const cells = cellsOf(column);
      return {
        values: Float64Array.from(cells, (cell) => (isNumber(cell) ? Number(cell) : NaN)),
        unit: '',
        reasons: new Map(
          cells.flatMap((cell, row) => (isNumber(cell) ? [] : [[row, reasonFor(columns[column] ?? '', cell)] as const])),
        ),
      };
    },
    times: (column) => Float64Array.from(cellsOf(column), (cell) => Date.parse(`${cell}Z`)),
  };
}

/** Returns the first row if it has a cell that is not a number above one that is. */
function headerOf([first, second]: readonly TableRow[]): TableRow | undefined {
  if (!first || !second) return undefined;
  return first.cells.some((cell, column) => cell.trim() !== '' && !isNumber(cell) && isNumber(second.cells[column]))
    ? first
    : undefined;
}

function reasonFor(column: string, cell: string): Text {
  return cell.trim() === ''
    ? phrase('the column "{0}" is blank', column)
    : phrase('the column "{0}" has {1}, which is not a number', column, JSON.stringify(cell));
}

function isNumber(cell: string | undefined): boolean {
  return cell !== undefined && cell.trim() !== '' && Number.isFinite(Number(cell));
}

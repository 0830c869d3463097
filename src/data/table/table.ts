import { InputError, type RowProblem } from '../inputError.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import type { PackedFormat } from '../packed/packedKind.ts';
import type { ColumnType } from './columnTypes.ts';
import type { Dialect } from './dialect.ts';
import type { TableRows } from './rows.ts';

/**
 * Format of a table's file: rows of cells that a delimiter separates, one JSON object per line, one array of JSON
 * objects, or a file that is not text.
 */
export type TableFormat = TextTableFormat | PackedFormat;

/** Format of a table whose file is a text. */
export type TextTableFormat = 'delimited' | 'jsonl' | 'json';

/** Table in memory. Every row of the file is in `rows` or reported in `problems`. */
export interface Table {
  /** Name of the file, for messages. */
  readonly name: string;
  readonly format: TableFormat;
  readonly dialect: Dialect;
  /** True if the first line names the columns; otherwise they are named "column 1" and so on. */
  readonly header: boolean;
  readonly columns: readonly string[];
  /** Types of the columns, by a sample of their values. */
  readonly types: readonly ColumnType[];
  /** Units of the columns in a row below the header; empty strings without one. */
  readonly units: readonly string[];
  readonly rows: TableRows;
  readonly problems: readonly RowProblem[];
  /** What was assumed, and what was left out. */
  readonly notes: readonly Text[];
}

/** Types of columns that are no texts of pairs. */
const NO_TEXTS: ReadonlySet<ColumnType> = new Set(['identifier', 'constant', 'blank', 'time', 'number', 'integer']);

/** The columns of a source and its target if none are named: the first two with texts, or the first two. */
export function pairColumns({ types }: Pick<Table, 'types'>): readonly [source: number, target: number] {
  const [first, second] = types.flatMap((type, column) => (NO_TEXTS.has(type) ? [] : [column]));
  return first !== undefined && second !== undefined ? [first, second] : [0, 1];
}

/** Returns the index of a column by its name, or by its number from 1; -1 if it does not exist. */
export function findColumn(columns: readonly string[], nameOrNumber: string): number {
  const byName = columns.indexOf(nameOrNumber.trim());
  if (byName >= 0) return byName;
  const byNumber = /^[1-9]\d*$/.test(nameOrNumber) ? Number(nameOrNumber) - 1 : -1;
  return byNumber < columns.length ? byNumber : -1;
}

/**
 * Returns the index of a column from 0.
 * @param nameOrNumber name, or number from 1
 * @throws InputError if the column does not exist
 */
export function columnNamed({ name, columns }: Pick<Table, 'name' | 'columns'>, nameOrNumber: string): number {
  const column = findColumn(columns, nameOrNumber);
  if (column >= 0) return column;
  throw new InputError(
    'no-column',
    phrase('"{0}" has no column "{1}"; it has {2}.', name, nameOrNumber, columns.join(', ')),
  );
}

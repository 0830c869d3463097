import type { TextSource } from '../../config/textSource.ts';
import type { RowProblem } from '../inputError.ts';
import { numberColumn, type NumberColumn } from '../table/numbers.ts';
import { readTable } from '../table/readTable.ts';
import type { TableRows } from '../table/rows.ts';
import { findColumn, type Table } from '../table/table.ts';
import { findTimeColumn, timeColumn, type TimeColumn } from '../table/times.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';

/** A column of numbers: NaN where a cell has none. */
export interface Numbers extends Pick<NumberColumn, 'values' | 'unit' | 'unreadable'> {
  /** Reasons why cells are not numbers, by their lines. */
  readonly reasons: ReadonlyMap<number, Text>;
}

/** A table as a series of numbers reads it. */
export interface SeriesTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: TableRows;
  readonly problems: readonly RowProblem[];
  readonly notes: readonly Text[];
  /** Column of times; undefined if there is none. */
  readonly timeColumn: number | undefined;
  /** Index of a column by its name, or by its number from 1; -1 if it does not exist. */
  find(nameOrNumber: string): number;
  /** Whether a column of numbers is an identifier or a constant, which says nothing about the series. */
  isUninformative(column: number): boolean;
  /** The numbers of a column, which are read once. */
  numbers(column: number): Numbers;
  /** The times of a column, which are read once. */
  times(column: number): TimeColumn;
}

/** Reads a table for a series. @throws InputError for a file that is not a table */
export async function readSeriesTable(source: TextSource): Promise<SeriesTable> {
  return seriesTableOf(await readTable(source, { need: 'series' }));
}

/** A table as a series reads it. */
export function seriesTableOf(table: Table): SeriesTable {
  const { name, columns, rows, problems, notes, types } = table;
  const known = new Map<number, Numbers>();
  const knownTimes = new Map<number, TimeColumn>();
  const read = (column: number): Numbers => {
    const { values, unit, unreadable } = numberColumn(table, column);
    return { values, unit, unreadable, reasons: new Map(unreadable.map(({ line, reason }) => [line, reason])) };
  };
  return {
    ...{ name, columns, rows, problems, notes },
    timeColumn: findTimeColumn(table),
    find: (nameOrNumber) => findColumn(columns, nameOrNumber),
    isUninformative: (column) => types[column] === 'identifier' || types[column] === 'constant',
    numbers(column) {
      const numbers = known.get(column) ?? read(column);
      known.set(column, numbers);
      return numbers;
    },
    times(column) {
      const times = knownTimes.get(column) ?? timeColumn(table, column);
      knownTimes.set(column, times);
      return times;
    },
  };
}

/** Reason why a cell has no number. */
export function missingReason({ reasons }: Numbers, column: string, line: number): Text {
  return reasons.get(line) ?? phrase('the column "{0}" has no number', column);
}

import { parquetWriteBuffer } from 'hyparquet-writer';
import { formatCsv } from '../format/csv.ts';
import { joinBytes, utf8 } from '../format/bytes.ts';
import type { Cell, Column, ColumnType, Table } from './table.ts';

/** Rows that are formatted at a time: a string of all rows of many runs may be longer than a string can be. */
const BLOCK = 10_000;

/**
 * A table as comma-separated values (RFC 4180) in UTF-8, with a line of names. Numbers that are not finite and missing
 * values are empty.
 */
export function csvBytes(table: Table): Uint8Array {
  return encoded(
    (function* () {
      yield formatCsv([table.columns.map(({ name }) => name)]);
      for (const rows of blocks(table)) yield formatCsv(rows.map((row) => row.map(csvCell)));
    })(),
  );
}

function csvCell(cell: Cell): string | number | null {
  return typeof cell === 'boolean' ? String(cell) : cell;
}

/**
 * A table as a JSON array with one object per row and line. Numbers that are not finite are null, which is all that
 * JSON has for them.
 */
export function jsonBytes(table: Table): Uint8Array {
  const names = table.columns.map(({ name }) => JSON.stringify(name));
  const object = (row: readonly Cell[]) =>
    `{${row.map((cell, column) => `${names[column]}:${JSON.stringify(cell)}`).join(',')}}`;
  return encoded(
    (function* () {
      let before = '[\n';
      for (const rows of blocks(table)) {
        yield before + rows.map(object).join(',\n');
        before = ',\n';
      }
      yield table.rows === 0 ? '[]\n' : '\n]\n';
    })(),
  );
}

/** Types of Parquet by the type of a column. */
const PARQUET_TYPES = {
  integer: 'INT64',
  number: 'DOUBLE',
  text: 'STRING',
  flag: 'BOOLEAN',
} as const satisfies Record<ColumnType, string>;

/** A table as Apache Parquet, compressed with Snappy. Numbers keep NaN and infinity; missing values are null. */
export function parquetBytes(table: Table): Uint8Array {
  const buffer = parquetWriteBuffer({
    columnData: table.columns.map((column) => ({
      name: column.name,
      data: parquetValues(column),
      type: PARQUET_TYPES[column.type],
      nullable: true,
    })),
    createdBy: 'sequence-lab',
  });
  return new Uint8Array(buffer);
}

function parquetValues({ type, values }: Column): (Cell | bigint)[] {
  return type === 'integer' ? values.map((value) => (typeof value === 'number' ? BigInt(value) : null)) : [...values];
}

function* blocks({ columns, rows }: Table): Generator<Cell[][]> {
  for (let start = 0; start < rows; start += BLOCK) {
    const count = Math.min(BLOCK, rows - start);
    yield Array.from({ length: count }, (_, row) => columns.map(({ values }) => values[start + row] ?? null));
  }
}

function encoded(texts: Iterable<string>): Uint8Array {
  return joinBytes(Array.from(texts, utf8));
}

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { temporaryFolder } from '../runs/temporary.ts';
import { csvBytes, jsonBytes, parquetBytes } from '../../../src/export/writeTable.ts';
import { type Cell, TableBuilder } from '../../../src/export/table.ts';
import { anyTable, rowsOf, wellFormed } from './cells.ts';
import { ifReadable, python, readWithPython } from './readers.ts';

const text = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
/** Positive zero for negative zero, which texts do not distinguish. */
const noSign = (value: number) => (value === 0 ? 0 : value);

describe('tables as files', () => {
  const home = temporaryFolder();

  it('CSV reads back, with empty cells for what is missing or not finite', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const [names = [], ...rows] = parse(text(csvBytes(table)), {
          record_delimiter: '\n',
          relax_column_count: true,
        });
        assert.deepEqual(
          names,
          table.columns.map(({ name }) => wellFormed(name)),
        );
        const expected = rowsOf(table, csvText).map((row) => Object.values(row) as string[]);
        // A line of one empty cell is an empty line, which CSV readers may skip.
        const isSeen = (row: readonly string[]) => row.length > 1 || row[0] !== '';
        assert.deepEqual(
          rows.filter(isSeen),
          inOrder(
            table.columns.map(({ name }) => name),
            expected,
          ).filter(isSeen),
        );
      }),
    );
  });

  it('JSON reads back, with null for what is missing or not finite', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const isFinite = (cell: Cell) => typeof cell !== 'number' || Number.isFinite(cell);
        const expected = rowsOf(table, (cell) =>
          typeof cell === 'string' ? cell : isFinite(cell) ? plain(cell) : null,
        );
        assert.deepEqual(JSON.parse(text(jsonBytes(table))), expected);
      }),
    );
  });

  it('Parquet reads back with every value', async () => {
    // The reader makes objects by assignment, which do not keep this name.
    const anyReadable = anyTable.filter(({ columns }) => columns.every(({ name }) => name !== '__proto__'));
    await fc.assert(
      fc.asyncProperty(anyReadable, async (table) => {
        const bytes = parquetBytes(table);
        const file = bytes.slice().buffer;
        const expected = rowsOf(table, (cell, type) => {
          return type === 'integer' && typeof cell === 'number' ? BigInt(cell) : unmarked(plain(cell));
        });
        const read = await parquetReadObjects({ file, utf8: true });
        assert.deepEqual(plainRows(read), expected);
      }),
    );
  });

  (python ? it : it.skip)(`Parquet reads back with PyArrow${ifReadable}`, async function () {
    this.timeout(120_000);
    const samples = fc.sample(anyTable, 60);
    const paths = samples.map((_, i) => join(home(), `${i}.parquet`));
    await Promise.all(samples.map(async (table, i) => writeFile(paths[i] ?? '', parquetBytes(table))));
    const read = await readWithPython('parquet', paths);
    samples.forEach((table, i) => assert.deepEqual(plainRows(read[i] as object[]), rowsOf(table, plain)));
  });

  it('fills missing cells of rows with different columns', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer())), (rows) => {
        const builder = new TableBuilder(['first'], () => 'integer');
        for (const row of rows) builder.add(row);
        const table = builder.finish();
        assert.equal(table.rows, rows.length);
        assert.ok(table.columns.every(({ values }) => values.length === rows.length));
        const known = rowsOf(table, (cell) => cell) as Record<string, Cell>[];
        rows.forEach((row, i) => {
          for (const name of ['first', 'a', 'b', 'c']) assert.equal(known[i]?.[name] ?? null, row[name] ?? null);
        });
      }),
    );
  });
});

function plainRows(rows: readonly object[]): object[] {
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, plain(cell as Cell)])));
}

function plain(cell: Cell): Cell {
  if (typeof cell === 'string') return wellFormed(cell);
  return typeof cell === 'number' ? noSign(cell) : cell;
}

/** A text without the byte order mark at its beginning, which hyparquet removes from every text. */
function unmarked(cell: Cell): Cell {
  return typeof cell === 'string' ? cell.replace(/^\ufeff/, '') : cell;
}

function csvText(cell: Cell): string {
  if (typeof cell === 'number' && !Number.isFinite(cell)) return '';
  return String(plain(cell) ?? '');
}

/** Rows are compared as arrays; objects sort names that are integers first. */
function inOrder(names: readonly string[], rows: readonly string[][]): string[][] {
  const sorted = Object.keys(Object.fromEntries(names.map((name) => [wellFormed(name), 0])));
  return rows.map((row) => names.map((name) => row[sorted.indexOf(wellFormed(name))] ?? ''));
}

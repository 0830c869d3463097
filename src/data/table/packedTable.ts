import { autoReading, type Reading } from '../../config/reading.ts';
import { phrase } from '../../phrases/phrase.ts';
import { InputError } from '../inputError.ts';
import type { PackedFile } from '../packed/packedKind.ts';
import { readPacked } from '../packed/readPacked.ts';
import type { OnProgress } from '../progress.ts';
import { columnTypes } from './columnTypes.ts';
import { type Dialect, MISSING_WORDS, missingTest, plainDialect } from './dialect.ts';
import type { Table } from './table.ts';

/** Table of a file that is not text, with the columns whose cells are lists. */
export interface PackedTable extends Table {
  readonly lists: readonly number[];
}

/**
 * Reads a table of a file that is not text: Parquet, Arrow, Excel or NumPy. Its cells are as those of a text, so that
 * types, roles and missing values of its columns are found in the same way.
 * @throws InputError for a file that cannot be read, or has no rows
 */
export async function packedTable(
  packed: PackedFile,
  reading: Reading = autoReading,
  options: {
    readonly header?: boolean | undefined;
    /** Most rows that are read. */
    readonly limit?: number | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: OnProgress | undefined;
  } = {},
): Promise<PackedTable> {
  const name = packed.file.path;
  const header = reading.header === 'auto' ? options.header : reading.header === 'yes';
  const { rows, columns, ...found } = await readPacked(packed, { ...options, header, sheet: reading.sheet });
  if (rows.length === 0)
    throw new InputError('empty', phrase('"{0}" has no rows. Choose a table with one text per row.', name));
  const dialect: Dialect = {
    ...plainDialect,
    header: found.header,
    dateOrder: reading.dateOrder,
    missing: reading.missing === 'auto' ? MISSING_WORDS : reading.missing.split(',').map((word) => word.trim()),
  };
  // Words for missing values that the user names mean so in every column.
  if (reading.missing !== 'auto') rows.clear(missingTest(dialect));
  const table = { ...found, name, format: packed.format, dialect, columns, rows, units: columns.map(() => '') };
  return { ...table, types: columnTypes(table) };
}

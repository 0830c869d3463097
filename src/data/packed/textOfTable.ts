import { autoReading, type Reading } from '../../config/reading.ts';
import { guessRoles } from '../inspect/roles.ts';
import { packedTable } from '../table/packedTable.ts';
import type { Table } from '../table/table.ts';
import type { ByteFile } from './byteFile.ts';
import type { RawBytes } from './gzip.ts';
import type { PackedFormat } from './packedKind.ts';
import { utf8Bytes } from '../../platform/bytes.ts';

/** Characters of a piece of text. */
const PIECE = 2 ** 20;

/**
 * The text of a table for a model that reads text: the cells of its column of texts, each with a line end. In a table of
 * numbers, such as the numbers of tokens, the cells of a row, or of a table with one column, are separated by spaces.
 * @param raw receives all bytes of the file
 */
export async function* textOfTable(
  file: ByteFile,
  format: PackedFormat,
  raw: RawBytes,
  {
    reading = autoReading,
    signal,
  }: { readonly reading?: Reading | undefined; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<Uint8Array> {
  // Hashed before the table is read: a change until the run has its copy is noticed.
  for await (const chunk of raw.of(file.chunks())) void chunk.length;
  const table = await packedTable({ file, format }, reading, { signal });
  let piece = '';
  for (const text of linesOf(table)) {
    piece += text;
    if (piece.length < PIECE) continue;
    yield utf8Bytes(piece);
    piece = '';
  }
  if (piece !== '') yield utf8Bytes(piece);
}

function* linesOf(table: Table): Generator<string> {
  const { rows, columns } = table;
  const column = textColumnOf(table);
  for (let row = 0; row < rows.length; row++) {
    if (column !== undefined) yield `${rows.cell(row, column)}\n`;
    else if (columns.length === 1) yield row === rows.length - 1 ? `${rows.cell(row, 0)}\n` : `${rows.cell(row, 0)} `;
    else yield `${rows.cellsOf(row).join(' ')}\n`;
  }
}

/** The column of texts; undefined for a table of numbers. */
function textColumnOf(table: Table): number | undefined {
  const column = guessRoles(table).findIndex((role) => role === 'text' || role === 'source');
  const type = table.types[column];
  return column < 0 || type === 'number' || type === 'integer' ? undefined : column;
}

import type { TextSource } from '../config/textSource.ts';
import { packedFile } from './packed/packedKind.ts';
import { packedTable } from './table/packedTable.ts';
import type { Table } from './table/table.ts';
import { tableRow } from './table/writeRows.ts';
import { readText } from './textReader.ts';

/**
 * The text that a file holds, for a comparison with another one: unpacked, in its encoding and with LF line ends. A table
 * that is not text has a line for its columns and one for each row, as CSV.
 * @param most characters of the text
 * @returns undefined for a longer one
 * @throws InputError for a file that cannot be read
 */
export async function storedText(source: TextSource, most: number): Promise<string | undefined> {
  const packed = await packedFile(source);
  const pieces = packed ? linesOf(await packedTable(packed, source.reading)) : await readText(source);
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length > most) return undefined;
  }
  return text;
}

function* linesOf({ columns, rows, dialect }: Table): Generator<string> {
  const lineOf = (cells: readonly string[]) => tableRow(cells, columns, { format: 'delimited', dialect });
  yield lineOf(columns);
  for (let row = 0; row < rows.length; row++) yield lineOf(rows.cellsOf(row));
}

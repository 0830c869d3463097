import type { Reading } from '../../config/reading.ts';
import type { TextSource } from '../../config/textSource.ts';
import { InputError } from '../inputError.ts';
import type { PackedFile } from '../packed/packedKind.ts';
import { type PackedTable, packedTable } from '../table/packedTable.ts';
import { detectTaggedFormat } from './formats/formats.ts';
import { sentenceTable } from './formats/sentenceTable.ts';
import { spans } from './formats/spans.ts';

/** Rows that decide whether the lists of a table are words and tags. */
const SAMPLED = 200;

/** Form of tagged sentences in a table: rows with a list of words and one of tags, or a word in each row. */
type TaggedForm = 'lists' | 'words';

/**
 * Whether a table that is not text has tagged sentences. Only its beginning is read.
 * @returns false for a table that cannot be read
 */
export async function isTagged(packed: PackedFile, reading?: Reading): Promise<boolean> {
  return (await formOf(packed, reading)) !== undefined;
}

/**
 * Tagged sentences in a table that is not text: rows with a list of words and one of tags, as text in JSON Lines, or a
 * word in each row with its sentence, as the table itself. Undefined for another table, and for one that cannot be read.
 */
export async function taggedTable(
  packed: PackedFile,
  source: TextSource,
  reading?: Reading,
): Promise<TextSource | undefined> {
  const form = await formOf(packed, reading);
  if (form !== 'lists') return form && source;
  const table = await packedTable(packed, reading);
  const lines = Array.from({ length: table.rows.length }, (_, row) => objectOf(table, row));
  return { kind: 'text', name: table.name, text: lines.join('') };
}

/** The form of the sentences, by the first rows; undefined for another table, and for one that cannot be read. */
async function formOf(packed: PackedFile, reading: Reading | undefined): Promise<TaggedForm | undefined> {
  const first = await packedTable(packed, reading, { limit: SAMPLED }).catch((error: unknown) => {
    if (error instanceof InputError) return undefined;
    throw error;
  });
  if (!first) return undefined;
  const { name, columns, lists } = first;
  if (sentenceTable.detects({ name, text: columns.join('\t') })) return 'words';
  if (lists.length === 0) return undefined;
  let head = '';
  for (let row = 0; row < first.rows.length; row++) head += objectOf(first, row);
  return detectTaggedFormat({ name, text: head }) === spans ? 'lists' : undefined;
}

/** A row as an object of JSON, with a line end. */
function objectOf({ columns, rows, lists }: PackedTable, row: number): string {
  const fields = columns.map((name, column) => {
    const cell = rows.cell(row, column);
    return `${JSON.stringify(name)}: ${lists.includes(column) ? cell || 'null' : JSON.stringify(cell)}`;
  });
  return `{${fields.join(', ')}}\n`;
}

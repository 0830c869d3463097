import { autoReading, type Reading } from '../../config/reading.ts';
import type { TextSource } from '../../config/textSource.ts';
import { joined, phrase, type Text } from '../../phrases/phrase.ts';
import { InputError, type RowProblem } from '../inputError.ts';
import { type OnProgress, partOf } from '../progress.ts';
import { readText, sourceName } from '../textReader.ts';
import { columnTypes, spreadRows } from './columnTypes.ts';
import { type Dialect, MISSING_WORDS, missingTest, plainDialect, type Syntax } from './dialect.ts';
import { detectFormat } from './format.ts';
import { looksLikeHeader, looksLikeUnits } from './header.ts';
import { readJsonArray } from './jsonArray.ts';
import { readJsonLines } from './jsonLines.ts';
import { detectNumberFormat } from './numberFormat.ts';
import { ListedRows, type TableRow, type TableRows } from './rows.ts';
import { scanTable, type ScannedTable } from './scanTable.ts';
import { samplesOf, sniffSyntax } from './sniffDialect.ts';
import type { Table } from './table.ts';
import { packedFile } from '../packed/packedKind.ts';
import { packedTable } from './packedTable.ts';
import { checkTableMemory, type TableNeed } from './tableMemory.ts';
import { LONGEST_TEXT, TextPieces } from './textPieces.ts';

export interface TableOptions {
  /** True if the first row is a header; detected if omitted. JSON always names its columns. */
  readonly header?: boolean | undefined;
  /** Columns that the user has named: a first row with one of these names is a header. */
  readonly named?: readonly (string | undefined)[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** What the caller needs the table for; its rows if omitted. */
  readonly need?: TableNeed;
}

/** Rows that decide how numbers are written, and about the header. */
const SAMPLED = 1000;
/** Rows above the table, such as a title. */
const MAX_TITLES = 20;
/** First rows with the titles, the header, the units and the rows that decide about them. */
const HEAD = MAX_TITLES + SAMPLED + 2;

/**
 * Reads a table: rows of cells (CSV, TSV and variants, columns aligned by blanks), JSON Lines, an array of JSON
 * objects, or Parquet, Arrow, Excel and NumPy. Its dialect is detected, except for what `source.reading` sets. Rows with
 * too few or too many cells, or with an unclosed quote, are skipped and reported in `problems`.
 * @throws InputError for a file that cannot be read, is not text, or has no usable row
 */
export async function readTable(source: TextSource, options: TableOptions = {}): Promise<Table> {
  const name = sourceName(source);
  const { signal, onProgress, need = 'rows' } = options;
  const packed = await packedFile(source);
  if (packed) return packedTable(packed, source.reading, { header: options.header, signal, onProgress });
  const reader = await readText(source, { signal });
  checkTableMemory(name, reader.totalBytes, { need });
  const pieces: string[] = [];
  let characters = 0;
  for await (const piece of reader) {
    pieces.push(piece);
    // A packed text has more characters than its file has bytes.
    checkTableMemory(name, (characters += piece.length), { need });
    onProgress?.((READING * reader.bytesRead) / Math.max(1, reader.totalBytes));
  }
  const text = new TextPieces(pieces);
  const { encoding, notes } = reader.report;
  const reading = source.reading ?? autoReading;
  const format = detectFormat(name, text.head());
  if (format !== 'delimited') checkTableMemory(name, characters, { need: 'objects' });
  const found =
    format === 'delimited'
      ? await readDelimited(name, pieces, reading, options)
      : readObjects(wholeText(name, pieces), format);
  const dialect = { ...found.dialect, encoding };
  if (found.rows.length > 0) {
    const table = { ...found, name, format, dialect, notes: [...notes, ...found.notes] };
    return { ...table, header: dialect.header, types: columnTypes(table) };
  }
  const [problem] = found.problems;
  const reason = problem ? phrase('; line {0}: {1}', problem.line, problem.reason) : '';
  throw new InputError(
    'empty',
    phrase('"{0}" has no usable row{1}. Choose a table with one text per row.', name, reason),
  );
}

/** Fraction of the time of reading a table that passes until its text is in memory. */
const READING = 0.3;

function wholeText(name: string, pieces: readonly string[]): string {
  if (pieces.reduce((sum, { length }) => sum + length, 0) <= LONGEST_TEXT) return pieces.join('');
  throw new InputError('unreadable', phrase('"{0}" is too large for a table. Split it into smaller files.', name));
}

type Found = Pick<Table, 'dialect' | 'columns' | 'units' | 'rows' | 'problems' | 'notes'>;

function readObjects(text: string, format: 'json' | 'jsonl'): Found {
  const { columns, rows, problems } = format === 'json' ? readJsonArray(text) : readJsonLines(text);
  const units = columns.map(() => '');
  return { dialect: plainDialect, columns, units, rows: new ListedRows(rows), problems, notes: [] };
}

/** The syntax of a text in a reading, detected where the reading does not set it. */
function syntaxOf(name: string, text: TextPieces, reading: Reading): Syntax {
  const { delimiter, quote, escape, comment } = reading;
  return sniffSyntax(name, samplesOf(text), {
    ...(delimiter !== 'auto' && { delimiter: DELIMITER_NAMES.get(delimiter) ?? delimiter }),
    ...(quote !== 'auto' && { quote: quote === 'none' ? '' : quote }),
    ...(escape !== 'auto' && { escape }),
    ...(comment !== 'auto' && { comment: comment === 'none' ? '' : comment }),
  }).syntax;
}

const DELIMITER_NAMES: ReadonlyMap<string, string> = new Map([
  ['tab', '\t'],
  ['\\t', '\t'],
  ['space', ' '],
]);

/** @param pieces the text, whose pieces are removed from the list */
async function readDelimited(name: string, pieces: string[], reading: Reading, options: TableOptions): Promise<Found> {
  const syntax = syntaxOf(name, new TextPieces(pieces), reading);
  const { signal, onProgress } = options;
  const scanned = await scanTable(pieces, syntax, {
    signal,
    onProgress: partOf(onProgress, READING, 1),
  });
  const { width } = scanned;
  const head = rowsFrom(scanned, 0, HEAD);
  const { titles, header, begin } = separateHead(head, width, reading, options, syntax);
  const columns = columnNames(header?.cells, width);
  const format = numberFormatOf(scanned, begin, syntax, reading);
  const units = header && unitsOf(head.slice(begin), format) ? head[begin] : undefined;
  const { rows, others } = scanned.rowsOf(width, units ? begin + 1 : begin);
  const ragged = [...titles.map(({ line, cells }) => ({ line, width: cells.length })), ...others].map((row) => ({
    line: row.line,
    reason: phrase('{0} columns where the table has {1}', row.width, width),
  }));
  const problems: RowProblem[] = [...ragged, ...(scanned.unclosed ? [scanned.unclosed] : [])];
  const dialect: Dialect = {
    ...plainDialect,
    ...syntax,
    header: header !== undefined,
    decimal: format.decimal,
    thousands: format.thousands,
    dateOrder: reading.dateOrder,
    missing: reading.missing === 'auto' ? MISSING_WORDS : wordsOf(reading.missing),
  };
  const notes = notesOf({ scanned, units, columns, width, format, rows });
  // Words for missing values that the user names mean so in every column.
  if (reading.missing !== 'auto') rows.clear(missingTest(dialect));
  return {
    dialect,
    columns,
    units: columns.map((_, column) => unitOf(units?.cells[column] ?? '')),
    rows,
    problems: problems.sort((a, b) => a.line - b.line),
    notes,
  };
}

function rowsFrom(scanned: ScannedTable, from: number, count: number): TableRow[] {
  const length = Math.max(0, Math.min(count, scanned.length - from));
  return [...scanned.rowsAt(Array.from({ length }, (_, i) => from + i))];
}

function wordsOf(list: string): string[] {
  return list.split(',').map((word) => word.trim());
}

/** Separates titles above the table and its header from its rows. @param all the first rows */
function separateHead(
  all: readonly TableRow[],
  width: number,
  reading: Reading,
  { header: wanted, named = [] }: TableOptions,
  syntax: Syntax,
): { titles: readonly TableRow[]; header: TableRow | undefined; begin: number } {
  const firstWide = all.findIndex(({ cells }) => cells.length === width);
  const isShort = (row: TableRow | undefined) => row !== undefined && row.cells.length < width;
  // The names of rows have no name: a table of R.
  const lacksOne = width > 1 && all[0]?.cells.length === width - 1 && firstWide === 1;
  const start = lacksOne || firstWide > MAX_TITLES || !isShort(all[0]) ? 0 : Math.max(0, firstWide);
  const [first, ...rows] = all.slice(start);
  const sample = [first, ...rows.slice(0, SAMPLED)].flatMap((row) => (row ? [padded(row.cells, width)] : []));
  const set = reading.header === 'auto' ? wanted : reading.header === 'yes';
  const isNamed = first?.cells.some((cell) => named.includes(cell.trim()) && !/^\d*$/.test(cell.trim()));
  const format = detectNumberFormat(sample.slice(1).flat(), syntax.delimiter, numberChoice(reading));
  const isHeader = first !== undefined && (set ?? (isNamed || looksLikeHeader(sample, format)));
  const titles = all.slice(0, start);
  return isHeader
    ? { titles, header: { line: first.line, cells: padded(first.cells, width) }, begin: start + 1 }
    : { titles: [], header: undefined, begin: 0 };
}

/** Cells of a header that lacks the first one. */
function padded(cells: readonly string[], width: number): readonly string[] {
  return cells.length === width - 1 ? ['', ...cells] : cells;
}

function columnNames(header: readonly string[] | undefined, width: number): string[] {
  const names = header?.map((cell) => cell.trim()) ?? [];
  return Array.from({ length: Math.max(width, names.length) }, (_, index) => names[index] || `column ${index + 1}`);
}

function numberChoice({ decimal, thousands }: Reading) {
  return {
    ...(decimal !== 'auto' && { decimal }),
    ...(thousands !== 'auto' && {
      thousands: ({ none: '', space: ' ' } as const)[thousands as 'none'] ?? (thousands as ','),
    }),
  };
}

function numberFormatOf(scanned: ScannedTable, begin: number, syntax: Syntax, reading: Reading) {
  const sampled = spreadRows(scanned.length - begin, SAMPLED).map((row) => begin + row);
  const cells = Array.from(scanned.rowsAt(sampled)).flatMap((row) => row.cells);
  return detectNumberFormat(cells, syntax.delimiter, numberChoice(reading));
}

function unitsOf(rows: readonly TableRow[], format: Parameters<typeof looksLikeUnits>[2]): boolean {
  const [first, ...below] = rows.slice(0, SAMPLED).map(({ cells }) => cells);
  return first !== undefined && looksLikeUnits(first, below, format);
}

/** A unit without its brackets; empty for a dash. */
function unitOf(cell: string): string {
  return cell.trim().replace(/^[([]|[)\]]$|^-+$/g, '');
}

interface Leftover {
  readonly scanned: ScannedTable;
  readonly units: TableRow | undefined;
  readonly columns: readonly string[];
  readonly width: number;
  readonly format: { readonly note: Text | undefined };
  readonly rows: TableRows;
}

/** What was assumed, and what was left out. */
function notesOf({ scanned, units, columns, width, format, rows }: Leftover): Text[] {
  const isBlank = (column: number) => {
    for (let row = 0; row < rows.length; row++) if (rows.cell(row, column).trim() !== '') return false;
    return rows.length > 0;
  };
  const blank = columns.filter((_, column) => column < width && isBlank(column));
  return [
    ...(scanned.comments > 0 ? [phrase('Comment lines left out: {0}.', scanned.comments)] : []),
    ...(scanned.blankRows > 0 ? [phrase('Rows without a filled cell left out: {0}.', scanned.blankRows)] : []),
    ...(units ? [phrase('Line {0} has the units of the columns and is left out.', units.line)] : []),
    ...(blank.length > 0 ? [phrase('Columns without a filled cell: {0}.', joined(blank, ', '))] : []),
    ...(format.note ? [format.note] : []),
  ];
}

import { autoReading, type Reading } from '../../config/reading.ts';
import type { TextSource } from '../../config/textSource.ts';
import { joined, phrase, type Text } from '../../phrases/phrase.ts';
import { InputError, type RowProblem } from '../inputError.ts';
import { readText, sourceName } from '../textReader.ts';
import { columnTypes, spreadRows } from './columnTypes.ts';
import { type Dialect, MISSING_WORDS, missingTest, plainDialect, type Syntax } from './dialect.ts';
import { detectFormat } from './format.ts';
import { looksLikeHeader, looksLikeUnits } from './header.ts';
import { readJsonArray } from './jsonArray.ts';
import { readJsonLines } from './jsonLines.ts';
import { detectNumberFormat } from './numberFormat.ts';
import { RowScanner } from './scanRows.ts';
import { samplesOf, sniffSyntax } from './sniffDialect.ts';
import type { Table, TableRow } from './table.ts';

export interface TableOptions {
  /** True if the first row is a header; detected if omitted. JSON always names its columns. */
  readonly header?: boolean | undefined;
  /** Columns that the user has named: a first row with one of these names is a header. */
  readonly named?: readonly (string | undefined)[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rows that decide how numbers are written, and about the header. */
const SAMPLED = 1000;
/** Rows above the table, such as a title. */
const MAX_TITLES = 20;

/**
 * Reads a table: rows of cells (CSV, TSV and variants, columns aligned by blanks), JSON Lines, or an array of JSON
 * objects. Its dialect is detected, except for what `source.reading` sets. Rows with too few or too many cells, or with
 * an unclosed quote, are skipped and reported in `problems`.
 * @throws InputError for a file that cannot be read, is not text, or has no usable row
 */
export async function readTable(source: TextSource, options: TableOptions = {}): Promise<Table> {
  const name = sourceName(source);
  const reader = await readText(source, { signal: options.signal });
  const pieces: string[] = [];
  for await (const piece of reader) pieces.push(piece);
  const text = wholeText(name, pieces);
  const { encoding, notes } = reader.report;
  const reading = source.reading ?? autoReading;
  const format = detectFormat(name, text);
  const found = format === 'delimited' ? readDelimited(name, text, reading, options) : readObjects(text, format);
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

/** Longest string of JavaScript engines, in UTF-16 code units. */
const LONGEST_TEXT = 2 ** 29 - 24;

function wholeText(name: string, pieces: readonly string[]): string {
  if (pieces.reduce((sum, { length }) => sum + length, 0) <= LONGEST_TEXT) return pieces.join('');
  throw new InputError('unreadable', phrase('"{0}" is too large for a table. Split it into smaller files.', name));
}

type Found = Pick<Table, 'dialect' | 'columns' | 'units' | 'rows' | 'problems' | 'notes'>;

function readObjects(text: string, format: 'json' | 'jsonl'): Found {
  const { columns, rows, problems } = format === 'json' ? readJsonArray(text) : readJsonLines(text);
  return { dialect: plainDialect, columns, units: columns.map(() => ''), rows, problems, notes: [] };
}

/** The syntax of a text in a reading, detected where the reading does not set it. */
function syntaxOf(name: string, text: string, reading: Reading): Syntax {
  const { delimiter, quote, escape, comment } = reading;
  return sniffSyntax(name, samplesOf(text), {
    ...(delimiter !== 'auto' && { delimiter: DELIMITER_NAMES[delimiter] ?? delimiter }),
    ...(quote !== 'auto' && { quote: quote === 'none' ? '' : quote }),
    ...(escape !== 'auto' && { escape }),
    ...(comment !== 'auto' && { comment: comment === 'none' ? '' : comment }),
  }).syntax;
}

const DELIMITER_NAMES: Readonly<Record<string, string>> = { tab: '\t', '\\t': '\t', space: ' ' };

function readDelimited(name: string, text: string, reading: Reading, options: TableOptions): Found {
  const syntax = syntaxOf(name, text, reading);
  const scanner = new RowScanner(text, syntax);
  const all: TableRow[] = [];
  for (let row = scanner.next(); row; row = scanner.next()) all.push({ line: row.line, cells: row.cells });
  const width = commonWidth(all);
  const { titles, header, rows: body } = separateHead(all, width, reading, options, syntax);
  const columns = columnNames(header?.cells, width);
  const format = numberFormatOf(body, syntax, reading);
  const units = header && unitsOf(body, format) ? body[0] : undefined;
  const below = units ? body.slice(1) : body;
  const ragged = [...titles, ...below.filter(({ cells }) => cells.length !== width)].map(({ line, cells }) => ({
    line,
    reason: phrase('{0} columns where the table has {1}', cells.length, width),
  }));
  const problems: RowProblem[] = [...ragged, ...(scanner.unclosed ? [scanner.unclosed] : [])];
  const dialect: Dialect = {
    ...plainDialect,
    ...syntax,
    header: header !== undefined,
    decimal: format.decimal,
    thousands: format.thousands,
    dateOrder: reading.dateOrder,
    missing: reading.missing === 'auto' ? MISSING_WORDS : wordsOf(reading.missing),
  };
  const complete = below.filter(({ cells }) => cells.length === width);
  return {
    dialect,
    columns,
    units: columns.map((_, column) => unitOf(units?.cells[column] ?? '')),
    rows: reading.missing === 'auto' ? complete : withoutMissing(complete, dialect),
    problems: problems.sort((a, b) => a.line - b.line),
    notes: notesOf({ scanner, units, columns, format, rows: complete }),
  };
}

function wordsOf(list: string): string[] {
  return list.split(',').map((word) => word.trim());
}

/** Words for missing values that the user names mean so in every column. */
function withoutMissing(rows: readonly TableRow[], dialect: Dialect): TableRow[] {
  const isMissing = missingTest(dialect);
  return rows.map(({ line, cells }) => ({ line, cells: cells.map((cell) => (isMissing(cell) ? '' : cell)) }));
}

/** Separates titles above the table and its header from its rows. */
function separateHead(
  all: readonly TableRow[],
  width: number,
  reading: Reading,
  { header: wanted, named = [] }: TableOptions,
  syntax: Syntax,
): { titles: readonly TableRow[]; header: TableRow | undefined; rows: readonly TableRow[] } {
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
    ? { titles, header: { line: first.line, cells: padded(first.cells, width) }, rows }
    : { titles: [], header: undefined, rows: all };
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

function numberFormatOf(rows: readonly TableRow[], syntax: Syntax, reading: Reading) {
  const cells = spreadRows(rows.length, SAMPLED).flatMap((row) => rows[row]?.cells ?? []);
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
  readonly scanner: RowScanner;
  readonly units: TableRow | undefined;
  readonly columns: readonly string[];
  readonly format: { readonly note: Text | undefined };
  readonly rows: readonly TableRow[];
}

/** What was assumed, and what was left out. */
function notesOf({ scanner, units, columns, format, rows }: Leftover): Text[] {
  const blank = columns.filter(
    (_, column) => rows.length > 0 && rows.every(({ cells }) => cells[column]?.trim() === ''),
  );
  return [
    ...(scanner.comments > 0 ? [phrase('Comment lines left out: {0}.', scanner.comments)] : []),
    ...(scanner.blankRows > 0 ? [phrase('Rows without a filled cell left out: {0}.', scanner.blankRows)] : []),
    ...(units ? [phrase('Line {0} has the units of the columns and is left out.', units.line)] : []),
    ...(blank.length > 0 ? [phrase('Columns without a filled cell: {0}.', joined(blank, ', '))] : []),
    ...(format.note ? [format.note] : []),
  ];
}

/** Most common number of cells per row. */
function commonWidth(rows: readonly TableRow[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0;
}

import { InputError, type RowProblem } from '../inputError.ts';
import type { TextSource } from '../../config/textSource.ts';
import { readText, sourceName } from '../textReader.ts';
import { readDelimited } from './delimited.ts';
import { detectFormat, HEAD_CHARACTERS } from './format.ts';
import { looksLikeHeader } from './header.ts';
import { readJsonLines } from './jsonLines.ts';
import type { Table, TableFormat, TableRow } from './table.ts';
import { phrase } from '../../phrases/phrase.ts';

export interface TableOptions {
  /** Format; detected from the name and the first lines if omitted. */
  readonly format?: TableFormat | undefined;
  /** True if the first row is a header; detected if omitted. JSON Lines always name their columns. */
  readonly header?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a table: CSV (delimiter `,`, `;` or `|`), TSV or JSON Lines, in UTF-8 or UTF-16.
 * Rows with too few or too many cells, or with an unclosed quote, are skipped and reported in `problems`.
 * @throws InputError for a file that cannot be read, is not text, or has no usable row
 */
export async function readTable(source: TextSource, options: TableOptions = {}): Promise<Table> {
  const name = sourceName(source);
  const text: string[] = [];
  for await (const piece of await readText(source, { signal: options.signal })) text.push(piece);
  const format = options.format ?? detectFormat(name, (text[0] ?? '').slice(0, HEAD_CHARACTERS));
  const table =
    format.kind === 'jsonl'
      ? { header: true, ...readJsonLines(text.join('')) }
      : withColumns(await readDelimited(text, format), options.header);
  if (table.rows.length > 0) return { name, format, ...table };
  const [problem] = table.problems;
  const reason = problem ? phrase('; line {0}: {1}', problem.line, problem.reason) : '';
  throw new InputError(
    'empty',
    phrase('"{0}" has no usable row{1}. Choose a table with one text per row.', name, reason),
  );
}

/** Separates the header from the rows, and incomplete rows from complete ones. */
function withColumns(
  { rows, problems }: { rows: readonly TableRow[]; problems: readonly RowProblem[] },
  wanted: boolean | undefined,
): Pick<Table, 'header' | 'columns' | 'rows' | 'problems'> {
  const [first, second] = rows;
  const header = first !== undefined && (wanted ?? looksLikeHeader(first.cells, second?.cells));
  const width = header ? first.cells.length : commonWidth(rows);
  const columns = header
    ? first.cells.map((cell) => cell.trim())
    : Array.from({ length: width }, (_, index) => `column ${index + 1}`);
  const data = header ? rows.slice(1) : rows;
  const ragged = data
    .filter(({ cells }) => cells.length !== width)
    .map(({ line, cells }) => ({ line, reason: phrase('{0} columns where the table has {1}', cells.length, width) }));
  return {
    header,
    columns,
    rows: data.filter(({ cells }) => cells.length === width),
    problems: [...problems, ...ragged].sort((a, b) => a.line - b.line),
  };
}

/** Most common number of cells per row. */
function commonWidth(rows: readonly TableRow[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0;
}

import { InputError, type RowProblem } from '../inputError.ts';
import { readTable } from '../table/readTable.ts';
import type { TableRow } from '../table/table.ts';
import type { TextSource } from '../../config/textSource.ts';

/** Numbers over time: a row for each step, a channel for each column. */
export interface NumericSeries {
  /** Of the file, for messages. */
  readonly name: string;
  /** Names of the channels. */
  readonly columns: readonly string[];
  /** `[steps, channels]`, row-major. */
  readonly values: Float64Array;
  readonly steps: number;
  /** Columns of texts, such as dates, that are no channels. */
  readonly others: readonly string[];
  /** Cells that were filled, and rows that were left out. */
  readonly problems: readonly RowProblem[];
}

export interface SeriesOptions {
  /** What stands for a cell without a number: the number before it in its column; or the whole file is refused. */
  readonly missing?: 'previous' | 'refuse';
}

/** A column with fewer numbers than this among its cells is one of texts. */
const NUMBERS = 0.5;

/**
 * Reads the columns of numbers of a table (CSV, TSV or JSON Lines). The first row names the columns where it has a cell
 * that is no number above one that is. A cell without a number is filled and named, but for those before the first
 * number of a column, whose rows are left out and named.
 * @throws InputError for a table without numbers, or, where missing cells are refused, with one; it names its line
 */
export async function readSeries(
  source: TextSource,
  { missing = 'previous' }: SeriesOptions = {},
): Promise<NumericSeries> {
  const table = await readTable(source, { header: false });
  const header = table.header ? undefined : headerOf(table.rows);
  const names = header ? header.cells.map((cell) => cell.trim()) : table.columns;
  const rows = header ? table.rows.slice(1) : table.rows;
  const channels = names
    .map((_, column) => column)
    .filter((column) => rows.filter(({ cells }) => isNumber(cells[column])).length > NUMBERS * rows.length);
  if (channels.length === 0)
    throw new InputError(
      'empty',
      `"${table.name}" has no column of numbers. Choose a table with a row for each step of time.`,
    );

  const problems: RowProblem[] = [...table.problems];
  const values: number[] = [];
  const last = new Map<number, number>();
  for (const { line, cells } of rows) {
    const gaps = channels.filter((column) => !isNumber(cells[column]));
    for (const column of channels) if (isNumber(cells[column])) last.set(column, Number(cells[column]));
    const reasons = gaps.map((column) => reasonFor(names[column] ?? '', cells[column] ?? ''));
    if (gaps.length > 0 && missing === 'refuse') {
      throw new InputError(
        'unreadable',
        `"${table.name}", line ${line}: ${reasons.join(', ')}. Mend it, or set task.missing to "previous".`,
      );
    }
    const isWhole = channels.every((column) => last.has(column));
    if (gaps.length > 0)
      problems.push({
        line,
        reason: `${reasons.join(', ')}; ${isWhole ? 'the number before it stands in' : 'no number comes before it, and the row is left out'}`,
      });
    if (isWhole) values.push(...channels.map((column) => last.get(column)!));
  }
  return {
    name: table.name,
    columns: channels.map((column) => names[column] ?? ''),
    values: Float64Array.from(values),
    steps: values.length / channels.length,
    others: names.filter((_, column) => !channels.includes(column)),
    problems: problems.sort((a, b) => a.line - b.line),
  };
}

/** The first row, where it has a cell that is no number above one that is. */
function headerOf([first, second]: readonly TableRow[]): TableRow | undefined {
  if (!first || !second) return undefined;
  return first.cells.some((cell, column) => cell.trim() !== '' && !isNumber(cell) && isNumber(second.cells[column]))
    ? first
    : undefined;
}

function reasonFor(column: string, cell: string): string {
  return cell.trim() === ''
    ? `the column "${column}" is blank`
    : `the column "${column}" has ${JSON.stringify(cell)}, which is not a number`;
}

function isNumber(cell: string | undefined): boolean {
  return cell !== undefined && cell.trim() !== '' && Number.isFinite(Number(cell));
}

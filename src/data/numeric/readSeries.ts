import { InputError, type RowProblem } from '../inputError.ts';
import { readTable } from '../table/readTable.ts';
import type { TableRow } from '../table/table.ts';
import type { TextSource } from '../../config/textSource.ts';
import { joined, phrase, type Text } from '../../phrases/phrase.ts';

/** Time series: one row per step, one channel per column. */
export interface NumericSeries {
  /** Name of the file, for messages. */
  readonly name: string;
  /** Names of the channels. */
  readonly columns: readonly string[];
  /** `[steps, channels]`, row-major. */
  readonly values: Float64Array;
  readonly steps: number;
  /** Names of text columns, such as dates, which are not channels. */
  readonly others: readonly string[];
  /** Filled cells and skipped rows. */
  readonly problems: readonly RowProblem[];
}

export interface SeriesOptions {
  /** Handling of cells without a number: use the previous number of the column, or reject the file. */
  readonly missing?: 'previous' | 'refuse';
}

/** Minimum fraction of numbers in a channel; columns with fewer are text. */
const NUMBERS = 0.5;

/**
 * Reads the numeric columns of a table (CSV, TSV or JSON Lines). The first row is a header if it has a cell that is not
 * a number above one that is. Cells without a number are filled and reported; rows before the first number of a column
 * are skipped and reported.
 * @throws InputError for a table without numbers, or, with `refuse`, for a missing number, naming its line
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
      phrase('"{0}" has no column of numbers. Choose a table with one row per time step.', table.name),
    );

  const problems: RowProblem[] = [...table.problems];
  const values: number[] = [];
  const last = new Map<number, number>();
  for (const { line, cells } of rows) {
    const gaps = channels.filter((column) => !isNumber(cells[column]));
    for (const column of channels) if (isNumber(cells[column])) last.set(column, Number(cells[column]));
    const reasons = joined(
      gaps.map((column) => reasonFor(names[column] ?? '', cells[column] ?? '')),
      ', ',
    );
    if (gaps.length > 0 && missing === 'refuse') {
      throw new InputError(
        'unreadable',
        phrase('"{0}", line {1}: {2}. Correct it, or set task.missing to "previous".', table.name, line, reasons),
      );
    }
    const isComplete = channels.every((column) => last.has(column));
    if (gaps.length > 0)
      problems.push({
        line,
        reason: isComplete
          ? phrase('{0}; using the previous number', reasons)
          : phrase('{0}; there is no previous number, so the row is skipped', reasons),
      });
    if (isComplete) values.push(...channels.map((column) => last.get(column)!));
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

/** Returns the first row if it has a cell that is not a number above one that is. */
function headerOf([first, second]: readonly TableRow[]): TableRow | undefined {
  if (!first || !second) return undefined;
  return first.cells.some((cell, column) => cell.trim() !== '' && !isNumber(cell) && isNumber(second.cells[column]))
    ? first
    : undefined;
}

function reasonFor(column: string, cell: string): Text {
  return cell.trim() === ''
    ? phrase('the column "{0}" is blank', column)
    : phrase('the column "{0}" has {1}, which is not a number', column, JSON.stringify(cell));
}

function isNumber(cell: string | undefined): boolean {
  return cell !== undefined && cell.trim() !== '' && Number.isFinite(Number(cell));
}

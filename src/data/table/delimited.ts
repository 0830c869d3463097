import { type CsvError, parse } from 'csv-parse';
import { streamOf } from '../../platform/files.ts';
import type { RowProblem } from '../inputError.ts';
import { lenientOptions } from './format.ts';
import type { TableFormat, TableRow } from './table.ts';
import { phrase } from '../../phrases/phrase.ts';

/** Reads rows with any number of cells. Skips and reports rows that cannot be read. */
export async function readDelimited(
  text: readonly string[],
  format: Exclude<TableFormat, { kind: 'jsonl' }>,
): Promise<{ rows: TableRow[]; problems: RowProblem[] }> {
  const rows: TableRow[] = [];
  const errors: CsvError[] = [];
  let end = 0;
  const parser = parse({
    ...lenientOptions(format),
    skip_empty_lines: true,
    info: true,
    on_skip: (error) => void (error && errors.push(error)),
  });
  for await (const entry of streamOf(text).pipe(parser)) {
    const { record, info } = entry as { record: string[]; info: { lines: number } };
    rows.push({ line: info.lines - record.reduce((sum, cell) => sum + lineBreaks(cell), 0), cells: record });
    end = info.lines;
  }
  return { rows, problems: errors.map((error) => problem(error, end + 1)) };
}

function problem(error: CsvError, line: number): RowProblem {
  if (error.code !== 'CSV_QUOTE_NOT_CLOSED') return { line, reason: error.message };
  return {
    line,
    reason: phrase('a quote opens a cell and is not closed, so that the rest of the file would belong to this cell'),
  };
}

function lineBreaks(cell: string): number {
  return cell.split('\n').length - 1;
}

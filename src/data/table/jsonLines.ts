import type { RowProblem } from '../inputError.ts';
import type { TableRow } from './table.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * Reads JSON Lines, one object per line. The columns are all keys in order of first appearance; values that are not
 * strings are converted to JSON. Skips and reports rows that lack a column.
 */
export function readJsonLines(text: string): { columns: string[]; rows: TableRow[]; problems: RowProblem[] } {
  const problems: RowProblem[] = [];
  const objects: { line: number; values: Values }[] = [];
  text.split('\n').forEach((content, index) => {
    if (content.trim() === '') return;
    const line = index + 1;
    const parsed = parseObject(content);
    if ('reason' in parsed) problems.push({ line, reason: parsed.reason });
    else objects.push({ line, values: parsed.values });
  });
  const columns = [...new Set(objects.flatMap(({ values }) => Object.keys(values)))];
  const rows: TableRow[] = [];
  for (const { line, values } of objects) {
    const missing = columns.filter((column) => !Object.hasOwn(values, column));
    if (missing.length > 0)
      problems.push({ line, reason: phrase('no {0}', missing.map((column) => JSON.stringify(column)).join(', ')) });
    else rows.push({ line, cells: columns.map((column) => cellOf(values[column])) });
  }
  return { columns, rows, problems: problems.sort((a, b) => a.line - b.line) };
}

function parseObject(content: string): { values: Values } | { reason: Text } {
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { values: value as Values };
    return { reason: phrase('not a JSON object') };
  } catch (error) {
    return { reason: phrase('not JSON: {0}', error instanceof Error ? error.message : String(error)) };
  }
}

function cellOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

import type { Options } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { formatByName } from '../../config/dataFormats.ts';
import type { TableFormat } from './table.ts';

const DELIMITED: readonly Exclude<TableFormat, { kind: 'jsonl' }>[] = [
  { kind: 'tsv', delimiter: '\t' },
  { kind: 'csv', delimiter: ',' },
  { kind: 'csv', delimiter: ';' },
  { kind: 'csv', delimiter: '|' },
];

/** Number of characters at the start of a table that determine its format. */
export const HEAD_CHARACTERS = 65_536;
/** Number of lines that are examined. */
const SAMPLE_LINES = 50;

/**
 * Detects the format of a table from the name of its file and its first lines. The name takes precedence, except for
 * the delimiter of a `.csv`, which spreadsheets choose by locale.
 */
export function detectFormat(name: string, head: string): TableFormat {
  const named = formatByName(name);
  if (named?.kind === 'table' && named.syntax === 'tsv') return { kind: 'tsv', delimiter: '\t' };
  if (named?.kind === 'table' && named.syntax === 'jsonl') return { kind: 'jsonl' };
  const lines = head
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, SAMPLE_LINES);
  if (isObject(lines[0] ?? '')) return { kind: 'jsonl' };
  const [first] = DELIMITED.map((format) => ({ format, agreeing: agreeingRows(lines, format) })).sort(
    (a, b) => b.agreeing - a.agreeing,
  );
  return first && first.agreeing > 0 ? first.format : { kind: 'csv', delimiter: ',' };
}

/** Returns the options of csv-parse that accept rows of any length, and skip those that cannot be read. */
export function lenientOptions({ kind, delimiter }: Exclude<TableFormat, { kind: 'jsonl' }>) {
  return {
    delimiter,
    quote: kind === 'csv' && '"',
    // A quote inside an unquoted cell is an ordinary character.
    relax_quotes: true,
    relax_column_count: true,
    skip_records_with_error: true,
  } satisfies Options;
}

/** Number of rows with the most common number of cells; 0 if that number is one. */
function agreeingRows(lines: readonly string[], format: Exclude<TableFormat, { kind: 'jsonl' }>): number {
  const counts = new Map<number, number>();
  for (const row of parse(lines.join('\n'), lenientOptions(format)) as string[][])
    counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  const [width = 0, rows = 0] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  return width > 1 ? rows : 0;
}

function isObject(line: string): boolean {
  if (!line.trimStart().startsWith('{')) return false;
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}

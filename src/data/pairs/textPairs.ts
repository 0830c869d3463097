import { InputError, type RowProblem } from '../inputError.ts';
import { readLines } from '../lines.ts';
import { columnNamed, type Table } from '../table/table.ts';
import type { TextSource } from '../../config/textSource.ts';
import { type ReadOptions, sourceName } from '../textReader.ts';

/** A text, and what it means in another language or is to be turned into. */
interface ParallelPair {
  readonly source: string;
  readonly target: string;
  /** Line of the file, or of both files, from 1. */
  readonly line: number;
}

/** Every row is in `pairs` or named in `problems`. */
export interface ParallelText {
  readonly pairs: readonly ParallelPair[];
  readonly problems: readonly RowProblem[];
}

export interface PairColumns {
  /** Name of the column, or its number from 1; the first one where it is left out. */
  readonly source?: string | undefined;
  /** The second one where it is left out. */
  readonly target?: string | undefined;
}

/**
 * Pairs of texts from two columns of a table.
 * @throws InputError when there is no such column, or no pair that can be used
 */
export function textPairs(table: Table, { source = '1', target = '2' }: PairColumns = {}): ParallelText {
  const [from, to] = [columnNamed(table, source), columnNamed(table, target)];
  const rows = table.rows.map(({ line, cells }) => ({ line, source: cells[from] ?? '', target: cells[to] ?? '' }));
  return wholePairs(rows, table.name, table.problems);
}

/**
 * Pairs of texts from two files, line by line.
 * @throws InputError for a file that cannot be read, files with different numbers of lines, or no pair that can be used
 */
export async function readTextPairs(
  source: TextSource,
  target: TextSource,
  options: ReadOptions = {},
): Promise<ParallelText> {
  const [sources, targets] = [await linesOf(source, options), await linesOf(target, options)];
  const names = `"${sourceName(source)}" and "${sourceName(target)}"`;
  if (sources.length !== targets.length) {
    throw new InputError(
      'not-parallel',
      `${names} are not parallel: they have ${sources.length} and ${targets.length} lines. Choose two files where each line of one belongs to the same line of the other.`,
    );
  }
  return wholePairs(
    sources.map((text, index) => ({ line: index + 1, source: text, target: targets[index] ?? '' })),
    names,
    [],
  );
}

function wholePairs(rows: readonly ParallelPair[], name: string, problems: readonly RowProblem[]): ParallelText {
  const missing = ({ source, target }: ParallelPair): 'source' | 'target' | undefined =>
    source.trim() === '' ? 'source' : target.trim() === '' ? 'target' : undefined;
  const pairs = rows.filter((row) => missing(row) === undefined);
  if (pairs.length === 0)
    throw new InputError(
      'empty',
      `${name} has no pair of texts. Choose a table with a text and its counterpart a row.`,
    );
  const blank = rows.flatMap((row) => {
    const side = missing(row);
    return side ? [{ line: row.line, reason: `the ${side} text is blank` }] : [];
  });
  return { pairs, problems: [...problems, ...blank].sort((a, b) => a.line - b.line) };
}

async function linesOf(source: TextSource, options: ReadOptions): Promise<string[]> {
  const lines: string[] = [];
  for await (const { text } of readLines(source, options)) lines.push(text);
  return lines;
}

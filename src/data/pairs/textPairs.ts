import { InputError, type RowProblem } from '../inputError.ts';
import { readLines } from '../lines.ts';
import { columnNamed, pairColumns, type Table } from '../table/table.ts';
import type { TextSource } from '../../config/textSource.ts';
import { type ReadOptions, sourceName } from '../textReader.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';

/** Source text and its target, such as a translation. */
interface ParallelPair {
  readonly source: string;
  readonly target: string;
  /** Line in the file, or in both files, from 1. */
  readonly line: number;
}

/** Pairs of texts. Every row is in `pairs` or reported in `problems`. */
export interface ParallelText {
  readonly pairs: readonly ParallelPair[];
  readonly problems: readonly RowProblem[];
  /** What was assumed about the file. */
  readonly notes: readonly Text[];
}

export interface PairColumns {
  /** Name of the column, or its number from 1; defaults to the first column of texts. */
  readonly source?: string | undefined;
  /** Name of the column, or its number from 1; defaults to the second column of texts. */
  readonly target?: string | undefined;
}

/**
 * Reads pairs of texts from two columns of a table.
 * @throws InputError if a column does not exist, or there is no usable pair
 */
export function textPairs(table: Table, { source, target }: PairColumns = {}): ParallelText {
  const [first, second] = pairColumns(table);
  const from = columnNamed(table, source ?? String(first + 1));
  const to = columnNamed(table, target ?? String(second + 1));
  const { rows } = table;
  const all = Array.from({ length: rows.length }, (_, row) => ({
    line: rows.lineOf(row),
    source: rows.cell(row, from),
    target: rows.cell(row, to),
  }));
  return { ...completePairs(all, table.name, table.problems), notes: table.notes };
}

/**
 * Reads pairs of texts from two files, line by line.
 * @throws InputError if a file cannot be read, the numbers of lines differ, or there is no usable pair
 */
export async function readTextPairs(
  source: TextSource,
  target: TextSource,
  options: ReadOptions = {},
): Promise<ParallelText> {
  const [sources, targets] = [await linesOf(source, options), await linesOf(target, options)];
  const names = [sourceName(source), sourceName(target)] as const;
  if (sources.length !== targets.length) {
    throw new InputError(
      'not-parallel',
      phrase(
        '"{0}" and "{1}" are not parallel: they have {2} and {3} lines. Choose two files whose lines correspond to each other.',
        ...names,
        sources.length,
        targets.length,
      ),
    );
  }
  const pairs = completePairs(
    sources.map((text, index) => ({ line: index + 1, source: text, target: targets[index] ?? '' })),
    phrase('"{0}" and "{1}"', ...names),
    [],
  );
  return { ...pairs, notes: [] };
}

function completePairs(
  rows: readonly ParallelPair[],
  name: Text,
  problems: readonly RowProblem[],
): Omit<ParallelText, 'notes'> {
  const missing = ({ source, target }: ParallelPair): 'source' | 'target' | undefined =>
    source.trim() === '' ? 'source' : target.trim() === '' ? 'target' : undefined;
  const pairs = rows.filter((row) => missing(row) === undefined);
  if (pairs.length === 0)
    throw new InputError(
      'empty',
      phrase('{0} contains no pair of texts. Choose a table with a source and a target text in each row.', name),
    );
  const blank = rows.flatMap((row) => {
    const side = missing(row);
    return side
      ? [
          {
            line: row.line,
            reason: side === 'source' ? phrase('the source text is blank') : phrase('the target text is blank'),
          },
        ]
      : [];
  });
  return { pairs, problems: [...problems, ...blank].sort((a, b) => a.line - b.line) };
}

async function linesOf(source: TextSource, options: ReadOptions): Promise<string[]> {
  const lines: string[] = [];
  for await (const { text } of readLines(source, options)) lines.push(text);
  return lines;
}

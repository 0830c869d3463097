import type { TextSource } from '../../config/textSource.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import type { Documented } from '../dataFormat.ts';
import { InputError, type RowProblem } from '../inputError.ts';
import { readLines } from '../lines.ts';
import { packedFile } from '../packed/packedKind.ts';
import { plainDialect } from '../table/dialect.ts';
import { readTable, type TableOptions } from '../table/readTable.ts';
import { ListedRows, type TableRow } from '../table/rows.ts';
import type { Table } from '../table/table.ts';
import { readText, sourceName } from '../textReader.ts';

/** The format of fastText. */
export const fastText: Documented = {
  documented: {
    kind: 'table',
    tasks: ['classification', 'sequence-to-sequence', 'language-model'],
    title: 'fastText',
    example: {
      'reviews.txt': '__label__good __label__food warm soup\n__label__bad cold soup\n__label__good fine day\n',
    },
    detected: 'nine of ten lines begin with `__label__`',
    notes: 'Several labels of a line are read with `task.labelSeparator` set to a space',
  },
};

/** Mark before each label of a line. */
const MARK = '__label__';
/** Number of characters that determine the format. */
const HEAD_CHARACTERS = 65_536;
/** Minimum fraction of lines that begin with a label. */
const MIN_AGREEMENT = 0.9;

/** Table of labeled texts, with a description of its format if it is none of those of tables. */
export interface LabeledTable extends Table {
  readonly described?: Text;
}

export interface LabeledTableOptions extends TableOptions {
  /** True if a text may have several labels, which are separated by spaces in their column. */
  readonly several?: boolean | undefined;
}

/** Whether a text is in the format of fastText: lines that begin with one or several `__label__` and their names. */
export function looksLikeFastText(head: string): boolean {
  const lines = head.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 0 && lines.filter((line) => line.startsWith(MARK)).length >= MIN_AGREEMENT * lines.length;
}

/**
 * Reads a table of labeled texts, or a file in the format of fastText, whose columns are called `label` and `text`.
 * @throws InputError for a file that cannot be read or has no usable row
 */
export async function readLabeledTable(source: TextSource, options: LabeledTableOptions = {}): Promise<LabeledTable> {
  if (await packedFile(source)) return readTable(source, options);
  let head = '';
  for await (const piece of await readText(source, { signal: options.signal })) {
    head += piece;
    if (head.length >= HEAD_CHARACTERS) break;
  }
  return looksLikeFastText(head.slice(0, HEAD_CHARACTERS)) ? readFastText(source, options) : readTable(source, options);
}

async function readFastText(source: TextSource, { signal, several }: LabeledTableOptions): Promise<LabeledTable> {
  const rows: TableRow[] = [];
  const problems: RowProblem[] = [];
  for await (const { number: line, text } of readLines(source, { signal })) {
    if (text.trim() === '') continue;
    const { labels, rest } = labelsOf(text);
    const [label] = labels;
    if (label === undefined) problems.push({ line, reason: phrase('no {0} at its beginning', MARK) });
    else if (labels.length > 1 && several !== true)
      problems.push({
        line,
        reason: phrase(
          '{0} labels ({1}), where a text has one unless task.labelSeparator is a space',
          labels.length,
          labels.join(', '),
        ),
      });
    else if (rest === '') problems.push({ line, reason: phrase('the text is blank') });
    else rows.push({ line, cells: [labels.join(' '), rest] });
  }
  const name = sourceName(source);
  const [problem] = problems;
  if (rows.length === 0)
    throw new InputError(
      'empty',
      phrase(
        '"{0}" has no usable line{1}. Each line needs one {2} with the name of the label, and a text.',
        name,
        problem ? phrase('; line {0}: {1}', problem.line, problem.reason) : '',
        MARK,
      ),
    );
  return {
    name,
    format: 'delimited',
    dialect: { ...plainDialect, delimiter: '\t', quote: '' },
    described: phrase('fastText: labels and a text per line'),
    header: true,
    columns: ['label', 'text'],
    types: ['category', 'text'],
    units: ['', ''],
    notes: [],
    rows: new ListedRows(rows),
    problems,
  };
}

/** The labels at the beginning of a line, and the text after them. */
function labelsOf(line: string): { labels: string[]; rest: string } {
  const labels: string[] = [];
  let rest = line.trim();
  while (rest.startsWith(MARK)) {
    const end = rest.search(/\s|$/);
    const label = rest.slice(MARK.length, end);
    if (label !== '') labels.push(label);
    rest = rest.slice(end).trimStart();
  }
  return { labels, rest };
}

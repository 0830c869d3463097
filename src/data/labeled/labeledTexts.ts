import { InputError, type RowProblem } from '../inputError.ts';
import { distinctCells } from '../table/distinctCells.ts';
import { columnNamed, type Table } from '../table/table.ts';
import { LABEL_COLUMN, TEXT_COLUMN } from '../table/header.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';

export interface LabeledText {
  readonly text: string;
  readonly label: string;
  /** Value of the group column, if there is one. */
  readonly group?: string | undefined;
  /** Line in the file, from 1. */
  readonly line: number;
}

export interface LabeledTexts {
  readonly items: readonly LabeledText[];
  /** Sorted labels: numbers by value, others by code unit. */
  readonly labels: readonly string[];
  /** Rows without a text or a label. */
  readonly problems: readonly RowProblem[];
}

export interface ColumnChoice {
  /** Name of the column, or its number from 1. */
  readonly text?: string | undefined;
  readonly label?: string | undefined;
  readonly group?: string | undefined;
  /** True if a text may have any number of labels, so that a blank cell has none. */
  readonly several?: boolean | undefined;
}

/**
 * Minimum number of rows per distinct value in a column of classes, except in tables of a few rows.
 */
const ROWS_PER_CLASS = 2;
const SMALL_TABLE = 10;
/** Maximum fraction of blank cells in a column of classes, such as the first column of a table of sections. */
export const MAX_BLANK = 0.5;

/**
 * Reads texts with their labels from a table. Columns that are not specified are detected by a common name, or else by
 * their values: texts are the longest on average, and labels have the fewest distinct values.
 * @throws InputError if a column does not exist
 */
export function labeledTexts(table: Table, choice: ColumnChoice = {}): LabeledTexts {
  const { text, label } = labeledColumns(table, choice);
  const group = choice.group === undefined ? undefined : columnNamed(table, choice.group);
  const { rows } = table;
  const items: LabeledText[] = [];
  const problems: RowProblem[] = [];
  /** One string of each label, which keeps no part of the file in memory. */
  const labels = new Map<string, string>();
  for (let row = 0; row < rows.length; row++) {
    const cell = rows.cell(row, label).trim();
    const known = labels.get(cell);
    const own = {
      line: rows.lineOf(row),
      text: rows.cell(row, text),
      label: known ?? cell,
      ...(group !== undefined && { group: rows.cell(row, group).trim() || undefined }),
    };
    const reason = reasonOf(own, choice);
    if (reason === undefined) {
      if (known === undefined) labels.set(cell, cell);
      items.push(own);
    } else problems.push({ line: own.line, reason });
  }
  return { items, labels: sortedLabels(new Set(labels.keys())), problems };
}

/** Why a row is no labeled text; undefined if it is one. */
function reasonOf({ text, label }: LabeledText, { several }: ColumnChoice): Text | undefined {
  if (text.trim() === '') return phrase('the text is blank');
  return label === '' && several !== true ? phrase('the label is blank') : undefined;
}

/**
 * Indices of the columns of texts and labels, chosen or detected.
 * @throws InputError if a column does not exist
 */
export function labeledColumns(table: Table, choice: ColumnChoice): { readonly text: number; readonly label: number } {
  const text = textColumn(table, choice.text);
  return { text, label: labelColumn(table, text, choice.label) };
}

/** Returns the index of the text column. @throws InputError if the specified column does not exist */
function textColumn(table: Table, wanted?: string): number {
  if (wanted !== undefined) return columnNamed(table, wanted);
  const named = table.header ? table.columns.findIndex((name) => TEXT_COLUMN.test(name)) : -1;
  if (named >= 0) return named;
  const lengths = table.columns.map((_, column) => {
    let sum = 0;
    table.rows.visit(column, (_text, start, end) => void (sum += end - start));
    return sum;
  });
  return lengths.indexOf(Math.max(...lengths));
}

function labelColumn(table: Table, text: number, wanted?: string): number {
  if (wanted !== undefined) return columnNamed(table, wanted);
  const others = table.columns.map((_, column) => column).filter((column) => column !== text);
  const named = table.header ? others.find((column) => LABEL_COLUMN.test(table.columns[column] ?? '')) : undefined;
  if (named !== undefined) return named;
  const [fewest] = others
    .filter((column) => blankRows(table, column) <= MAX_BLANK * table.rows.length)
    .map((column) => ({ column, values: distinctCells(table.rows, column) }))
    .sort((a, b) => a.values - b.values);
  if (fewest && (fewest.values * ROWS_PER_CLASS <= table.rows.length || table.rows.length < SMALL_TABLE))
    return fewest.column;
  throw new InputError(
    'no-labels',
    phrase(
      '"{0}" has no label column (columns: {1}). Specify the columns of texts and labels.',
      table.name,
      table.columns.join(', '),
    ),
  );
}

function blankRows({ rows }: Table, column: number): number {
  let blank = 0;
  for (let row = 0; row < rows.length; row++) if (rows.cell(row, column).trim() === '') blank++;
  return blank;
}

/** Sorts labels by value if all are numbers, otherwise by code unit. */
export function sortedLabels(labels: ReadonlySet<string>): string[] {
  const sorted = [...labels].sort();
  return sorted.every((label) => label !== '' && Number.isFinite(Number(label)))
    ? sorted.sort((a, b) => Number(a) - Number(b))
    : sorted;
}

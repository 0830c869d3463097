import { InputError } from '../inputError.ts';
import { columnNamed, type Table } from '../table/table.ts';
import { LABEL_COLUMN, TEXT_COLUMN } from '../table/header.ts';

export interface LabeledText {
  readonly text: string;
  readonly label: string;
  /** Line of the file, from 1. */
  readonly line: number;
}

export interface LabeledTexts {
  readonly items: readonly LabeledText[];
  /** All labels, sorted: numbers by value, words by code point. */
  readonly labels: readonly string[];
}

export interface ColumnChoice {
  /** Name of the column, or its number from 1. */
  readonly text?: string | undefined;
  readonly label?: string | undefined;
}

/**
 * A column with fewer rows than this for each of its values holds no classes; in a table of a few rows nobody can tell.
 */
const ROWS_PER_CLASS = 2;
const A_FEW = 10;

/**
 * Texts with their labels from a table. A column that is not named is found by its name, else by what stands in it: the
 * texts are longest on average, and the labels the fewest.
 * @throws InputError when there is no such column
 */
export function labeledTexts(table: Table, choice: ColumnChoice = {}): LabeledTexts {
  const text = textColumn(table, choice.text);
  const label = labelColumn(table, text, choice.label);
  const items = table.rows.map(({ line, cells }) => ({
    line,
    text: cells[text] ?? '',
    label: (cells[label] ?? '').trim(),
  }));
  return { items, labels: sortedLabels(new Set(items.map((item) => item.label))) };
}

/** The column of the texts, from 0. @throws InputError when the one that is named is not there */
function textColumn(table: Table, wanted?: string): number {
  if (wanted !== undefined) return columnNamed(table, wanted);
  const named = table.header ? table.columns.findIndex((name) => TEXT_COLUMN.test(name)) : -1;
  if (named >= 0) return named;
  const lengths = table.columns.map((_, column) =>
    table.rows.reduce((sum, { cells }) => sum + (cells[column]?.length ?? 0), 0),
  );
  return lengths.indexOf(Math.max(...lengths));
}

function labelColumn(table: Table, text: number, wanted?: string): number {
  if (wanted !== undefined) return columnNamed(table, wanted);
  const others = table.columns.map((_, column) => column).filter((column) => column !== text);
  const named = table.header ? others.find((column) => LABEL_COLUMN.test(table.columns[column] ?? '')) : undefined;
  if (named !== undefined) return named;
  const [fewest] = others
    .map((column) => ({ column, values: new Set(table.rows.map(({ cells }) => cells[column])).size }))
    .sort((a, b) => a.values - b.values);
  if (fewest && (fewest.values * ROWS_PER_CLASS <= table.rows.length || table.rows.length < A_FEW))
    return fewest.column;
  throw new InputError(
    'no-labels',
    `"${table.name}" has no column of labels beside its texts (columns: ${table.columns.join(', ')}). Name the columns of texts and labels.`,
  );
}

/** Labels in the order of their numbers, where all are numbers, else by code unit. */
export function sortedLabels(labels: ReadonlySet<string>): string[] {
  const sorted = [...labels].sort();
  return sorted.every((label) => label !== '' && Number.isFinite(Number(label)))
    ? sorted.sort((a, b) => Number(a) - Number(b))
    : sorted;
}

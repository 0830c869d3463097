import { MAX_BLANK } from '../labeled/labeledTexts.ts';
import { LABEL_COLUMN, TEXT_COLUMN } from '../table/header.ts';
import type { Table } from '../table/table.ts';

/** Role of a column in a task. */
export type ColumnRole = 'text' | 'label' | 'source' | 'target' | 'word' | 'tag' | 'unused';

/** Tasks that a data set can be inspected for. */
export type DataTask = 'classification' | 'tagging' | 'sequence-to-sequence' | 'language-model';

const SOURCE_COLUMN = /^(?:source|src|from|question|english|en)$/i;
const TARGET_COLUMN = /^(?:target|tgt|to|answer|translation|french|fr|german|de|spanish|es)$/i;

/** Minimum number of rows per distinct value in a column of classes. */
const ROWS_PER_CLASS = 2;
/** Maximum number of distinct values in a column of classes. */
const MAX_CLASSES = 500;

/**
 * Guesses the role of each column of a table from its name, or else from its values. Classes are few and repeat; texts
 * are long and differ. Two columns of differing texts are a source and a target.
 */
export function guessRoles(table: Table): ColumnRole[] {
  const columns = table.columns.map((name, index) => ({
    index,
    name: table.header ? name : '',
    ...statisticsOf(table, index),
  }));
  const roles = columns.map((): ColumnRole => 'unused');
  const source = columns.find(({ name }) => SOURCE_COLUMN.test(name));
  const target = columns.find(({ name, classes }) => TARGET_COLUMN.test(name) && !classes);
  if (source && target) {
    roles[source.index] = 'source';
    roles[target.index] = 'target';
    return roles;
  }
  const named = columns.find(({ name }) => TEXT_COLUMN.test(name));
  const others = columns.filter((column) => column !== named);
  const classes = others.filter((column) => column.classes).sort((a, b) => a.distinct - b.distinct);
  const label = others.find(({ name }) => LABEL_COLUMN.test(name)) ?? classes[0];
  const byLength = others
    .filter((column) => column !== label)
    .sort((a, b) => b.distinct * b.meanLength - a.distinct * a.meanLength);
  const text = named ?? byLength[0];
  if (text && label) {
    roles[text.index] = 'text';
    roles[label.index] = 'label';
  } else if (named || columns.length === 1) {
    roles[named?.index ?? 0] = 'text';
  } else {
    const [first, second] = [...columns]
      .sort((a, b) => b.meanLength - a.meanLength)
      .slice(0, 2)
      .sort((a, b) => a.index - b.index);
    if (first) roles[first.index] = 'source';
    if (second) roles[second.index] = 'target';
  }
  return roles;
}

/** Returns the task that uses columns with these roles, or undefined if a required column is missing. */
export function taskOf(roles: readonly ColumnRole[]): DataTask | undefined {
  const has = (...wanted: ColumnRole[]) => wanted.every((role) => roles.includes(role));
  if (has('word', 'tag')) return 'tagging';
  if (has('source', 'target')) return 'sequence-to-sequence';
  if (has('text', 'label')) return 'classification';
  return has('text') ? 'language-model' : undefined;
}

interface ColumnStatistics {
  readonly distinct: number;
  readonly blank: number;
  readonly meanLength: number;
  /** True if the values are few and frequent enough to be classes. */
  readonly classes: boolean;
}

export function statisticsOf({ rows }: Pick<Table, 'rows'>, column: number): ColumnStatistics {
  const values = rows.map(({ cells }) => (cells[column] ?? '').trim());
  const distinct = new Set(values).size;
  const blank = values.filter((value) => value === '').length;
  return {
    distinct,
    blank,
    meanLength: values.length === 0 ? 0 : values.reduce((sum, { length }) => sum + length, 0) / values.length,
    classes:
      distinct > 1 &&
      distinct <= MAX_CLASSES &&
      ROWS_PER_CLASS * distinct <= rows.length &&
      blank <= MAX_BLANK * rows.length,
  };
}

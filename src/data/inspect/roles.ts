import { MAX_BLANK } from '../labeled/labeledTexts.ts';
import { LABEL_COLUMN, TEXT_COLUMN } from '../table/header.ts';
import type { ColumnType } from '../table/columnTypes.ts';
import { distinctCells } from '../table/distinctCells.ts';
import { pairColumns, type Table } from '../table/table.ts';
import { findTimeColumn } from '../table/times.ts';

/** Role of a column in a task. */
export type ColumnRole =
  | 'text'
  | 'label'
  | 'source'
  | 'target'
  | 'word'
  | 'tag'
  | 'time'
  | 'value'
  /** Names the rows that belong together: those of an author, or those of a series. */
  | 'group'
  | 'unused';

/** Tasks that a data set can be inspected for. */
export type DataTask = 'classification' | 'tagging' | 'sequence-to-sequence' | 'forecasting' | 'language-model';

const SOURCE_COLUMN = /^(?:source|src|from|question|english|en)$/i;
const TARGET_COLUMN = /^(?:target|tgt|to|answer|translation|french|fr|german|de|spanish|es)$/i;

/** Minimum number of rows per distinct value in a column of classes. */
const ROWS_PER_CLASS = 2;
/** Number of distinct values above which classes need more rows each: sentences of pairs repeat, too. */
const MANY_CLASSES = 20;
const ROWS_PER_MANY = 5;
/** Maximum number of distinct values in a column of classes. */
const MAX_CLASSES = 500;

/**
 * Guesses the role of each column of a table from its name, or else from its values. Classes are few and repeat; texts
 * are long and differ. Two columns of differing texts are a source and a target. A table of numbers, with or without times,
 * is a time series. Identifiers, constants and blank columns have no role.
 */
export function guessRoles(table: Table): ColumnRole[] {
  const columns = table.columns.map((name, index) => ({
    index,
    name: table.header ? name : '',
    ...statisticsOf(table, index),
  }));
  const roles = columns.map((): ColumnRole => 'unused');
  if (isTimeSeries(table)) return seriesRoles(table);
  const source = columns.find(({ name }) => SOURCE_COLUMN.test(name));
  const target = columns.find(({ name, classes }) => TARGET_COLUMN.test(name) && !classes);
  if (source && target) {
    roles[source.index] = 'source';
    roles[target.index] = 'target';
    return roles;
  }
  const named = columns.find(({ name }) => TEXT_COLUMN.test(name));
  const informative = columns.filter(({ index }) => !WITHOUT_ROLE.has(table.types[index] ?? 'text'));
  const others = (informative.length > 1 ? informative : columns).filter((column) => column !== named);
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
    const [first, second] = pairColumns(table);
    roles[first] = 'source';
    roles[second] = 'target';
  }
  return roles;
}

/** Types of columns that have no role unless the user gives them one. */
const WITHOUT_ROLE: ReadonlySet<ColumnType> = new Set(['identifier', 'constant', 'blank', 'time']);
const NUMBERS: ReadonlySet<ColumnType> = new Set(['number', 'integer']);

/** True for a table of numbers, with or without times. */
function isTimeSeries({ types }: Table): boolean {
  const others = types.filter((type) => !WITHOUT_ROLE.has(type) && !NUMBERS.has(type));
  return others.length === 0 && types.some((type) => NUMBERS.has(type));
}

/** The first column of dates is the time, and numbers are values. */
function seriesRoles(table: Table): ColumnRole[] {
  const time = findTimeColumn(table);
  return table.types.map((type, column) => (column === time ? 'time' : NUMBERS.has(type) ? 'value' : 'unused'));
}

/** Returns the task that uses columns with these roles, or undefined if a required column is missing. */
export function taskOf(roles: readonly ColumnRole[]): DataTask | undefined {
  const has = (...wanted: ColumnRole[]) => wanted.every((role) => roles.includes(role));
  if (has('word', 'tag')) return 'tagging';
  // The targets of a series are columns that are forecast; those of texts have a source.
  if (has('value') || (has('target') && !has('source') && !has('text'))) return 'forecasting';
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

/** Statistics of the columns of a table, which are computed once. */
const known = new WeakMap<Table['rows'], Map<number, ColumnStatistics>>();

export function statisticsOf({ rows }: Pick<Table, 'rows'>, column: number): ColumnStatistics {
  const columns = known.get(rows) ?? new Map<number, ColumnStatistics>();
  known.set(rows, columns);
  const statistics = columns.get(column) ?? newStatistics(rows, column);
  columns.set(column, statistics);
  return statistics;
}

function newStatistics(rows: Table['rows'], column: number): ColumnStatistics {
  let blank = 0;
  let length = 0;
  const distinct = distinctCells(rows, column, (characters) => {
    length += characters;
    if (characters === 0) blank++;
  });
  return {
    distinct,
    blank,
    meanLength: rows.length === 0 ? 0 : length / rows.length,
    classes:
      distinct > 1 &&
      distinct <= MAX_CLASSES &&
      (distinct <= MANY_CLASSES ? ROWS_PER_CLASS : ROWS_PER_MANY) * distinct <= rows.length &&
      blank <= MAX_BLANK * rows.length,
  };
}

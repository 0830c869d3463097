import type { CellValue, RunRow } from '../../protocol/runRow.ts';
import { type Column, columnNamed } from '../columns.ts';
import { dateRange } from './dates.ts';
import type { Filter, FilterValue, Operator } from './filter.ts';

/** Whether a row passes. */
export type Predicate = (row: RunRow) => boolean;

/** Columns that a text without a field is searched for in. */
const SEARCHED = ['name', 'data', 'tags', 'note'] as const;

/** Whether a row passes a filter. */
export function matches(filter: Filter, row: RunRow): boolean {
  return predicateOf(filter)(row);
}

/** The rows that pass a filter, in their order. */
export function filterRows(rows: readonly RunRow[], filter: Filter): RunRow[] {
  return rows.filter(predicateOf(filter));
}

/**
 * Prepares a filter for many rows. A comparison with a value that a run does not have fails, except for `!=` and `!~`,
 * which hold whenever `=` and `~` do not.
 */
export function predicateOf(filter: Filter): Predicate {
  switch (filter.kind) {
    case 'and': {
      const parts = filter.parts.map(predicateOf);
      return (row) => parts.every((part) => part(row));
    }
    case 'or': {
      const parts = filter.parts.map(predicateOf);
      return (row) => parts.some((part) => part(row));
    }
    case 'not': {
      const part = predicateOf(filter.part);
      return (row) => !part(row);
    }
    case 'text': {
      const text = filter.text.toLowerCase();
      return (row) =>
        SEARCHED.some((key) => textsOf(row.values[key]).some((each) => each.toLowerCase().includes(text)));
    }
    case 'missing':
      return ({ values }) => values[filter.column] == null;
    case 'compare':
      return comparison(filter.column, filter.operator, filter.value);
    case 'in': {
      const parts = filter.values.map((value) => comparison(filter.column, '=', value));
      return (row) => parts.some((part) => part(row));
    }
  }
}

const NEGATED: ReadonlyMap<Operator, Operator> = new Map([
  ['!=', '='],
  ['!~', '~'],
]);

function comparison(key: string, operator: Operator, value: FilterValue): Predicate {
  const positive = NEGATED.get(operator);
  if (positive) {
    const holds = comparison(key, positive, value);
    return (row) => !holds(row);
  }
  const column = columnNamed(key);
  const range = column?.type === 'date' ? dateRange(String(value)) : undefined;
  if (range) return comparedDate(key, operator, range);
  if (typeof value === 'string') return comparedText(key, operator, value, column);
  if (typeof value === 'boolean') return ({ values }) => values[key] === value;
  const holds = orders[operator];
  return ({ values }) => {
    const cell = values[key];
    return typeof cell === 'number' && holds(cell, value);
  };
}

const equal = (cell: number, value: number) => cell === value;

/** Comparisons of numbers; the operators for texts do not occur. */
const orders: Readonly<Record<Operator, (cell: number, value: number) => boolean>> = {
  '=': equal,
  '!=': (cell, value) => cell !== value,
  '<': (cell, value) => cell < value,
  '<=': (cell, value) => cell <= value,
  '>': (cell, value) => cell > value,
  '>=': (cell, value) => cell >= value,
  '~': equal,
  '!~': (cell, value) => cell !== value,
};

/** A date is equal to a day or a month if it is in it, and later if it is after its end. */
function comparedDate(key: string, operator: Operator, { from, to }: { from: number; to: number }): Predicate {
  const isIn = (time: number) => time >= from && time < to;
  const tests: Readonly<Partial<Record<Operator, (time: number) => boolean>>> = {
    '=': isIn,
    '<': (time) => time < from,
    '<=': (time) => time < to,
    '>': (time) => time >= to,
    '>=': (time) => time >= from,
  };
  const holds = tests[operator] ?? isIn;
  return ({ values }) => {
    const cell = values[key];
    return typeof cell === 'string' && holds(Date.parse(cell));
  };
}

/** Compares without regard to case: with the value, with its text on screen, or with an element of a list. */
function comparedText(key: string, operator: Operator, value: string, column: Column | undefined): Predicate {
  const wanted = value.toLowerCase();
  const holds = operator === '~' ? (text: string) => text.includes(wanted) : (text: string) => text === wanted;
  return (row) => {
    const cell = row.values[key] ?? null;
    if (cell === null) return false;
    if (textsOf(cell).some((text) => holds(text.toLowerCase()))) return true;
    return column?.type === 'text' && holds(column.format(cell, row).toLowerCase());
  };
}

function textsOf(cell: CellValue | undefined): readonly string[] {
  if (cell == null) return [];
  return typeof cell === 'object' ? cell : [String(cell)];
}

import * as l10n from '@vscode/l10n';
import { configField } from '../../config/fields.ts';
import { formatDate } from '../../format/date.ts';
import { formatDuration } from '../../format/duration.ts';
import type { RunRow } from '../../protocol/runRow.ts';
import { type Column, COLUMNS, type ColumnType } from '../columns.ts';
import { quote, UNITS } from './filter.ts';
import { type Expected, expectedAfter, operatorsOf } from './parseFilter.ts';

/** A text that continues a filter. */
interface Completion {
  /** Text to insert. */
  readonly text: string;
  /** Short description: the heading of a field, or the number of runs with a value; empty for none. */
  readonly detail: string;
}

export interface Completions {
  /** Range of the text to replace. */
  readonly from: number;
  readonly to: number;
  /** Most fitting first. */
  readonly items: readonly Completion[];
}

/** Maximum number of values of a field. */
const MOST_VALUES = 50;

/** An incomplete word or operator at the end. */
const UNFINISHED = /(?:[^\s"'(),=<>~!]+|[=<>~!]+)$/;

/** The rest of a word after the caret. */
const REST = /^[^\s"'(),=<>~!]*/;

/**
 * Completes a filter at the caret: fields, operators, values that runs have, and connectives.
 * @param rows all runs, whose values are offered
 */
export function completions(text: string, caret: number, rows: readonly RunRow[]): Completions {
  const before = text.slice(0, caret);
  const typed = openQuote(before) ?? UNFINISHED.exec(before)?.[0] ?? '';
  const from = caret - typed.length;
  const to = typed === '' || /^[=<>~!]/.test(typed) ? caret : caret + (REST.exec(text.slice(caret))?.[0].length ?? 0);
  const offered = expectedAfter(text.slice(0, from)).flatMap((expected) => offer(expected, rows));
  return { from, to, items: ranked(distinct(offered), typed.replace(/^["']/, '').toLowerCase()) };
}

/** The text from an opening quote that is not closed; undefined if there is none. */
function openQuote(text: string): string | undefined {
  const closed = /^(?:[^"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*/.exec(text)?.[0].length ?? 0;
  return closed < text.length ? text.slice(closed) : undefined;
}

function offer(expected: Expected, rows: readonly RunRow[]): readonly Completion[] {
  switch (expected.kind) {
    case 'condition':
      return [...COLUMNS.map(({ key, label }) => ({ text: key, detail: label() })), plain('not'), plain('(')];
    case 'connective':
      return [plain('and'), plain('or')];
    case 'not':
    case 'missing':
      return [plain(expected.kind)];
    case 'unit':
      return [...UNITS.keys()].map(plain);
    case 'sign':
      return [plain(expected.sign)];
    case 'operator':
      // eslint-disable-next-line lab/translated -- words of the language, which are the same everywhere
      return [...operatorsOf[expected.column.type], 'in', 'not in', 'is missing', 'is not missing'].map(plain);
    case 'value':
      return valuesOf(expected.column, rows);
  }
}

function plain(text: string): Completion {
  return { text, detail: '' };
}

/** The values of a column, most frequent first; numbers in their order. */
function valuesOf(column: Column, rows: readonly RunRow[]): readonly Completion[] {
  if (column.type === 'flag') return [plain('yes'), plain('no')];
  const counts = new Map<string | number, number>();
  for (const { values } of rows) {
    const cell = values[column.key] ?? null;
    for (const each of cell === null ? [] : typeof cell === 'object' ? cell : [cell]) {
      const value = asTyped(column, each);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  if (counts.size === 0) return examplesOf(column);
  const frequent = [...counts].sort(([, a], [, b]) => b - a).slice(0, MOST_VALUES);
  if (column.type === 'number') frequent.sort(([a], [b]) => Number(a) - Number(b));
  return frequent.map(([value, runs]) => ({
    text: column.type === 'text' || column.type === 'list' ? quote(String(value)) : String(value),
    detail: runs === 1 ? l10n.t('1 run') : l10n.t('{0} runs', runs),
  }));
}

/** Values of a column that no run has: the choices of a field, or an example of the type. */
function examplesOf({ config = '', type }: Column): readonly Completion[] {
  return (configField(config)?.enum?.map(quote) ?? [EXAMPLES[type]]).map(plain);
}

const EXAMPLES: Readonly<Record<ColumnType, string>> = {
  text: '""',
  list: '""',
  flag: 'yes',
  number: '0',
  duration: '2 min',
  date: '2026-11-23',
};

/** A value as it is typed: a date to the day, a duration with its units. */
function asTyped({ type }: Column, value: string | number | boolean): string | number {
  if (type === 'date') return formatDate(String(value)).slice(0, 10);
  if (type === 'duration') return formatDuration(Number(value));
  return typeof value === 'number' ? value : String(value);
}

function distinct(items: readonly Completion[]): Completion[] {
  return [...new Map(items.map((item) => [item.text, item])).values()];
}

/** The items that contain what was typed; those that begin with it first. */
function ranked(items: readonly Completion[], typed: string): Completion[] {
  const place = ({ text, detail }: Completion) => {
    const at = text.toLowerCase().replace(/^"/, '').indexOf(typed);
    if (at === 0) return 0;
    return at > 0 || detail.toLowerCase().includes(typed) ? 1 : 2;
  };
  const places = new Map(items.map((item) => [item, place(item)]));
  const fitting = items.filter((item) => places.get(item) !== 2);
  return fitting.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
}

import { columnNamed } from '../columns.ts';

/** Comparison operators: `~` and `!~` ask whether a text contains another. */
export const OPERATORS = ['=', '!=', '<=', '>=', '<', '>', '~', '!~'] as const;

export type Operator = (typeof OPERATORS)[number];

/** Value in a filter: a date is the text of a date or of a part of one, a duration is in seconds. */
export type FilterValue = string | number | boolean;

/** A condition on runs. Columns are given by their keys. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  /** Name, data, tags or note contain a text. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing'; readonly column: string }
  | { readonly kind: 'compare'; readonly column: string; readonly operator: Operator; readonly value: FilterValue }
  | { readonly kind: 'in'; readonly column: string; readonly values: readonly FilterValue[] };

/** The filter that every run passes. */
export const EVERYTHING: Filter = { kind: 'and', parts: [] };

/** A filter that is met if each part is, or if one is. A part of the same kind gives its own parts. */
export function combine(kind: 'and' | 'or', parts: readonly Filter[]): Filter {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]));
  const [first] = flat;
  return flat.length === 1 && first ? first : { kind, parts: flat };
}

/** Words of the language, which have to be quoted as texts. */
export const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'is', 'missing']);

/** A word, which needs no quotes: without white space, quotes, parentheses, commas and operators. */
export const WORD = /(?:[^\s"'(),=<>~!]|!(?![=~]))+/y;

/** Units of durations in seconds. */
export const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['sec', 1],
  ['min', 60],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
]);

/** A filter as a text, which `parseFilter` reads back. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
      return filter.parts.map((part) => (part.kind === 'or' ? inParentheses(part) : printFilter(part))).join(' and ');
    case 'or':
      return filter.parts.map(printFilter).join(' or ');
    case 'not':
      return `not ${'parts' in filter.part ? inParentheses(filter.part) : printFilter(filter.part)}`;
    case 'text':
      return quote(filter.text);
    case 'missing':
      // eslint-disable-next-line lab/translated -- words of the language, which are the same everywhere
      return `${filter.column} is missing`;
    case 'compare':
      return `${filter.column} ${filter.operator} ${printValue(filter.value)}`;
    case 'in':
      return `${filter.column} in (${filter.values.map(printValue).join(', ')})`;
  }
}

function inParentheses(filter: Filter): string {
  return `(${printFilter(filter)})`;
}

function printValue(value: FilterValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return quote(value);
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Quotes a text, unless it is a word that is neither a keyword, the name of a column nor a number. */
export function quote(text: string): string {
  WORD.lastIndex = 0;
  const isWord = WORD.exec(text)?.[0] === text && !KEYWORDS.has(text.toLowerCase()) && !columnNamed(text);
  return isWord ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

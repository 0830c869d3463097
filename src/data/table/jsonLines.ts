import type { RowProblem } from '../inputError.ts';
import type { TableRow } from './rows.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { textOf } from '../../phrases/causes.ts';

type Values = ReadonlyMap<string, string>;

/** A JSON object in a text. */
export interface PlacedJson {
  /** Line where it begins, from 1. */
  readonly line: number;
  readonly text: string;
}

/** Columns and rows of JSON objects. */
export interface ObjectRows {
  readonly columns: string[];
  readonly rows: TableRow[];
  readonly problems: RowProblem[];
}

/** Fraction of the objects that have a field, for a field that every row needs. */
const REQUIRED = 0.5;

/** Reads JSON Lines, one object per line. */
export function readJsonLines(text: string): ObjectRows {
  const lines = text.split('\n').map((content, index) => ({ line: index + 1, text: content }));
  return objectRows(lines.filter((line) => line.text.trim() !== ''));
}

/**
 * Reads JSON objects as rows. The columns are the fields in order of first appearance; those of an object in an object
 * are named by their path, such as `meta.lang`. Values that are not strings are converted to JSON. Rows that lack a
 * field which most rows have, or have null there, are skipped and reported; other fields are blank.
 */
export function objectRows(objects: Iterable<PlacedJson>): ObjectRows {
  const problems: RowProblem[] = [];
  const found: { line: number; values: Values }[] = [];
  const counts = new Map<string, number>();
  for (const { line, text } of objects) {
    const parsed = parseObject(text);
    if ('reason' in parsed) problems.push({ line, reason: parsed.reason });
    else {
      found.push({ line, values: parsed.values });
      for (const [name, value] of parsed.values) counts.set(name, (counts.get(name) ?? 0) + (value === NULL ? 0 : 1));
    }
  }
  const columns = [...counts].filter(([, count]) => count > 0).map(([name]) => name);
  const required = columns.filter((name) => (counts.get(name) ?? 0) >= REQUIRED * found.length);
  const rows: TableRow[] = [];
  for (const { line, values } of found) {
    const missing = required.filter((name) => (values.get(name) ?? NULL) === NULL);
    if (missing.length > 0)
      problems.push({ line, reason: phrase('no {0}', missing.map((name) => JSON.stringify(name)).join(', ')) });
    else rows.push({ line, cells: columns.map((name) => cellOf(values.get(name))) });
  }
  return { columns, rows, problems: problems.sort((a, b) => a.line - b.line) };
}

/** Mark of a field without a value, which no string of a file equals. */
const NULL = '\0';

function cellOf(value = NULL): string {
  return value === NULL ? '' : value;
}

function parseObject(content: string): { values: Values } | { reason: Text } {
  try {
    const value: unknown = JSON.parse(content);
    if (isObject(value)) return { values: new Map(fieldsOf(value, '')) };
    return { reason: phrase('not a JSON object') };
  } catch (error) {
    return { reason: textOf(error) };
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of an object by their paths, and their values as text. */
function* fieldsOf(value: object, prefix: string): Generator<[string, string]> {
  for (const [name, field] of Object.entries(value)) {
    if (isObject(field)) yield* fieldsOf(field, `${prefix}${name}.`);
    else yield [`${prefix}${name}`, typeof field === 'string' ? field : field === null ? NULL : JSON.stringify(field)];
  }
}

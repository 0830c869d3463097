import { formatByName } from '../../config/dataFormats.ts';
import type { TableFormat } from './table.ts';

/** Detects the format of a table by its first characters, and by the name of its file. */
export function detectFormat(name: string, text: string): TableFormat {
  const named = formatByName(name);
  const syntax = named?.kind === 'table' ? named.syntax : undefined;
  if (syntax === 'jsonl') return 'jsonl';
  const start = text.slice(0, HEAD).trimStart();
  const first = firstLine(text);
  // One object with an array of objects, instead of an object in each line.
  const isWhole = text.trim().length === first.trimEnd().length;
  if (ARRAY.test(start) || OPENED.test(start) || (isWhole && ARRAY_FIELD.test(start))) return 'json';
  return isObject(first) ? 'jsonl' : 'delimited';
}

const ARRAY = /^\[\s*\{/;
/** An object that goes on in the next line. */
const OPENED = /^\{\s*\n/;
const ARRAY_FIELD = /^\{\s*"[^"]*"\s*:\s*\[\s*\{/;

/** Characters that are searched for the start of an array. */
const HEAD = 1000;

function firstLine(text: string): string {
  const start = text.search(/\S/);
  if (start < 0) return '';
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end);
}

function isObject(line: string): boolean {
  if (!line.startsWith('{')) return false;
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}

import { formatByName } from '../../config/dataFormats.ts';
import type { Documented } from '../dataFormat.ts';
import type { TextTableFormat } from './table.ts';

const table = {
  kind: 'table',
  tasks: ['classification', 'sequence-to-sequence', 'forecasting', 'language-model'],
} as const;

/** The formats of tables whose files are texts. */
export const tableFormats: Readonly<Record<TextTableFormat | 'blanks', Documented>> = {
  delimited: {
    documented: {
      ...table,
      title: 'delimited rows: CSV, TSV and the like',
      example: {
        'reviews.csv': 'text;stars;day\n"warm; good";4,5;01.02.2024\ncold;1,0;02.02.2024\nfine;3,5;03.02.2024\n',
      },
      detected: 'an extension such as `.csv`, or rows of which nearly all have the same number of cells',
      notes: 'The delimiter is a comma, semicolon, tab, `|` or colon, or is set',
    },
  },
  blanks: {
    documented: {
      ...table,
      title: 'columns aligned by blanks',
      example: { 'wind.dat': 'hour  wind  gust\n   1   3.5   7.0\n   2   4.0   9.5\n   3  10.5  18.0\n' },
      detected: 'rows of numbers and times with blanks between them',
      notes: 'A cell has no blanks, unless most cells of a column are in quotation marks',
    },
  },
  jsonl: {
    documented: {
      ...table,
      title: 'JSON Lines',
      example: {
        'reviews.jsonl': '{"text": "warm soup", "meta": {"stars": 5}}\n{"text": "cold soup", "meta": {"stars": 1}}\n',
      },
      detected: 'the extension `.jsonl` or `.ndjson`, or a first line that is an object',
      notes: 'A field of an object in an object has a path, such as `meta.stars`',
    },
  },
  json: {
    documented: {
      ...table,
      title: 'array of JSON objects',
      example: { 'reviews.json': '{"data": [{"text": "warm soup", "stars": 5}, {"text": "cold soup", "stars": 1}]}\n' },
      detected: 'an array of objects at the beginning, also as the first field of an object',
      notes: '',
    },
  },
};

/** Detects the format of a table by its first characters, and by the name of its file. */
export function detectFormat(name: string, text: string): TextTableFormat {
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

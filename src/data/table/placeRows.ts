import { parse } from 'csv-parse/sync';
import { lenientOptions } from './format.ts';
import type { TableFormat } from './table.ts';

/** Range of a row in a text, in UTF-16 code units, without its line end. */
export interface Span {
  /** Line where it begins, from 1. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the ranges of the rows of CSV or TSV, including the header, without blank lines. All lines of the text must
 * have the same line ends.
 */
export function placeDelimited(text: string, format: Exclude<TableFormat, { kind: 'jsonl' }>): Span[] {
  const crlf = text.includes('\r\n');
  const options = { ...lenientOptions(format), raw: true };
  // Without `skip_empty_lines`, the raw rows add up to the complete text.
  const rows = parse(crlf ? text.replaceAll('\r\n', '\n') : text, options) as unknown as {
    record: string[];
    raw: string;
  }[];
  const spans: Span[] = [];
  let start = 0;
  let line = 1;
  for (const { record, raw } of rows) {
    const content = raw.endsWith('\n') ? raw.slice(0, -1) : raw;
    const length = content.length + (crlf ? lineEnds(content) : 0);
    if (record.length > 1 || content !== '') spans.push({ line, start, end: start + length });
    start += length + (raw === content ? 0 : crlf ? 2 : 1);
    line += lineEnds(raw);
  }
  return spans;
}

function lineEnds(text: string): number {
  return text.split('\n').length - 1;
}

/** Returns the ranges of the lines that are not blank. */
export function placeLines(text: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  text.split('\n').forEach((line, index) => {
    const content = line.replace(/\r$/, '');
    if (content.trim() !== '') spans.push({ line: index + 1, start, end: start + content.length });
    start += line.length + 1;
  });
  return spans;
}

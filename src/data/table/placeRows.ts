import type { Syntax } from './dialect.ts';
import { arrayElements } from './jsonArray.ts';
import { RowScanner } from './scanRows.ts';

/** Range of a row in a text, in UTF-16 code units, without its line end. */
export interface Span {
  /** Line where it begins, from 1. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the ranges of the rows of a delimited table, including the header, without blank lines and comments. All lines
 * of the text must have the same line ends.
 */
export function placeDelimited(text: string, syntax: Syntax): Span[] {
  const { normalized, place } = withoutReturns(text);
  const scanner = new RowScanner(normalized, syntax);
  const spans: Span[] = [];
  for (let row = scanner.next(); row; row = scanner.next())
    spans.push({
      line: row.line,
      start: place(row.start, row.line),
      end: place(row.end, row.line + breaksIn(normalized, row)),
    });
  return spans;
}

/** Returns the ranges of the objects of a JSON array. */
export function placeElements(text: string): Span[] {
  return [...arrayElements(text)].map(({ line, start, end }) => ({ line, start, end }));
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

/** A text with LF line ends, and the place in the text of a place in it, which is on a line from 1. */
function withoutReturns(text: string): { normalized: string; place: (at: number, line: number) => number } {
  if (!text.includes('\r\n')) return { normalized: text, place: (at) => at };
  return { normalized: text.replaceAll('\r\n', '\n'), place: (at, line) => at + line - 1 };
}

function breaksIn(text: string, { start, end }: { readonly start: number; readonly end: number }): number {
  return text.slice(start, end).split('\n').length - 1;
}

import { phrase } from '../../phrases/phrase.ts';
import type { RowProblem } from '../inputError.ts';
import type { Syntax } from './dialect.ts';

/** A cell in a text: its value, and its place in UTF-16 code units with quotation marks. */
export interface ScannedCell {
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

/** Row of a text, with its place in UTF-16 code units without its line end. */
export interface ScannedRow {
  /** Line where it begins, from 1. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly cells: readonly string[];
}

/** Name of the delimiter for any number of blanks. */
export const BLANKS = 'blanks';

/** Splits text with LF line ends into rows of cells. Comments and blank lines are not rows. */
export class RowScanner {
  readonly #text: string;
  readonly #syntax: Syntax;
  /** Place of the next row. */
  #at = 0;
  #line = 1;
  /** Place of the next quotation mark, so that a text without any is searched once. */
  #quoteAt = -1;
  /** Row whose quotation mark is not closed: it takes the rest of the text. */
  unclosed: RowProblem | undefined;
  /** Number of comment lines so far. */
  comments = 0;
  /** Number of rows without a filled cell so far. */
  blankRows = 0;

  constructor(text: string, syntax: Syntax) {
    this.#text = text;
    this.#syntax = syntax;
  }

  /** Returns the next row; undefined at the end of the text. */
  next(): ScannedRow | undefined {
    const { comment } = this.#syntax;
    while (this.#at < this.#text.length) {
      const start = this.#at;
      const line = this.#line;
      const lineEnd = indexOrEnd(this.#text, '\n', start);
      if (comment !== '' && this.#text.startsWith(comment, start)) {
        this.comments++;
        this.#moveTo(lineEnd);
        continue;
      }
      const row = this.#rowAt(start, lineEnd);
      if (!row) {
        this.unclosed = {
          line,
          reason: phrase(
            'a quote opens a cell and is not closed, so that the rest of the file would belong to this cell',
          ),
        };
        this.#at = this.#text.length;
        return undefined;
      }
      this.#moveTo(row.end);
      if (row.cells.some(isFilled)) return { line, start, ...row };
      if (row.cells.length > 1) this.blankRows++;
    }
    return undefined;
  }

  /** Moves behind the line end at a place. */
  #moveTo(end: number): void {
    for (let at = this.#text.indexOf('\n', this.#at); at >= 0 && at <= end; at = this.#text.indexOf('\n', at + 1))
      this.#line++;
    this.#at = end + 1;
  }

  #rowAt(start: number, lineEnd: number): { cells: string[]; end: number } | undefined {
    const { delimiter, quote } = this.#syntax;
    if (quote !== '' && this.#quoteAt < start) this.#quoteAt = indexOrEnd(this.#text, quote, start);
    if (quote === '' || this.#quoteAt >= lineEnd) {
      const content = this.#text.slice(start, lineEnd);
      return { cells: delimiter === BLANKS ? splitBlanks(content) : content.split(delimiter), end: lineEnd };
    }
    const cells = scanCells(this.#text, start, this.#syntax);
    return cells && { cells: cells.map(({ value }) => value), end: cells.at(-1)?.end ?? lineEnd };
  }
}

/** Returns the cells of the row that begins at a place; undefined if a quotation mark is not closed. */
export function scanCells(text: string, start: number, syntax: Syntax): ScannedCell[] | undefined {
  const { delimiter } = syntax;
  const cells: ScannedCell[] = [];
  let at = delimiter === BLANKS ? skipBlanks(text, start) : start;
  for (;;) {
    const cell = scanCell(text, at, syntax);
    if (!cell) return undefined;
    const isLast = cell.end >= text.length || text[cell.end] === '\n';
    // Blanks at the end of a line separate nothing.
    if (!(isLast && delimiter === BLANKS && cell.start === cell.end && cells.length > 0)) cells.push(cell);
    if (isLast) return cells;
    at = delimiter === BLANKS ? skipBlanks(text, cell.end) : cell.end + delimiter.length;
  }
}

function scanCell(text: string, start: number, syntax: Syntax): ScannedCell | undefined {
  const { delimiter, quote } = syntax;
  const opening = delimiter === BLANKS || delimiter.trim() === '' ? start : skipSpaces(text, start);
  if (quote !== '' && text[opening] === quote) {
    const quoted = scanQuoted(text, opening, syntax);
    if (quoted !== 'literal') return quoted;
  }
  const end = endOfCell(text, start, delimiter);
  return { value: text.slice(start, end), start, end, quoted: false };
}

/**
 * Reads a quoted cell. A cell with text behind its closing quotation mark is literal text.
 * @returns undefined if the quotation mark is not closed
 */
function scanQuoted(text: string, opening: number, { delimiter, quote, escape }: Syntax) {
  const parts: string[] = [];
  let from = opening + 1;
  for (let at = from; ; at++) {
    at = nextSpecial(text, at, quote, escape);
    if (at < 0) return undefined;
    if (text[at] === '\\' && escape === 'backslash') {
      if (text[at + 1] === quote || text[at + 1] === '\\') {
        parts.push(text.slice(from, at));
        from = at + 1;
      }
      at++;
    } else if (text[at + 1] === quote) {
      parts.push(text.slice(from, at + 1));
      from = at + 2;
      at++;
    } else {
      parts.push(text.slice(from, at));
      const end = delimiter === BLANKS || delimiter.trim() === '' ? at + 1 : skipSpaces(text, at + 1);
      const closes = end >= text.length || text[end] === '\n' || startsWithDelimiter(text, end, delimiter);
      return closes ? { value: parts.join(''), start: opening, end, quoted: true } : 'literal';
    }
  }
}

function nextSpecial(text: string, from: number, quote: string, escape: Syntax['escape']): number {
  const quoteAt = text.indexOf(quote, from);
  if (escape === 'double' || quoteAt < 0) return quoteAt;
  const backslash = text.slice(from, quoteAt).indexOf('\\');
  return backslash < 0 ? quoteAt : from + backslash;
}

function indexOrEnd(text: string, part: string, from: number): number {
  const at = text.indexOf(part, from);
  return at < 0 ? text.length : at;
}

function endOfCell(text: string, from: number, delimiter: string): number {
  const lineEnd = indexOrEnd(text, '\n', from);
  if (delimiter === BLANKS) {
    let end = from;
    while (end < lineEnd && !isBlank(text[end])) end++;
    return end;
  }
  // The search ends with the line, not with the text.
  const found = text.slice(from, lineEnd).indexOf(delimiter);
  return found < 0 ? lineEnd : from + found;
}

function startsWithDelimiter(text: string, at: number, delimiter: string): boolean {
  return delimiter === BLANKS ? isBlank(text[at]) : text.startsWith(delimiter, at);
}

function splitBlanks(content: string): string[] {
  return content.trim().split(/[ \t\u00a0]+/);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\u00a0';
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text[at])) at++;
  return at;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at++;
  return at;
}

function isFilled(cell: string): boolean {
  return cell.trim() !== '';
}

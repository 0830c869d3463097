import { twice } from '../twice.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
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

/** Added to the place of a cell whose text is not its value, as quotation marks in it are escaped. */
export const ESCAPED = 2 ** 31;

/** The value of a cell by its place and end, as `RowScanner` finds them. */
export function cellOf(text: string, start: number, end: number, syntax: Syntax): string {
  return start < ESCAPED ? text.slice(start, end) : (scanCell(text, start - ESCAPED, syntax)?.value ?? '');
}

const [LINE_FEED, SPACE] = [0x0a, 0x20];

/** Splits text with LF line ends into rows of cells. Comments and blank lines are not rows. */
export class RowScanner {
  readonly #text: string;
  readonly #syntax: Syntax;
  readonly #isEnd: boolean;
  /** Code of a delimiter of one character; -1 for another. */
  readonly #delimiter: number;
  /** Code of the quotation mark; -1 without one. */
  readonly #quote: number;
  /** Whether spaces before a quotation mark are not text. */
  readonly #skipsSpaces: boolean;
  /** Place of the next row. */
  #at = 0;
  #nextLine: number;
  #bounds = new Uint32Array(64);
  /** Line ends in the cells of the current row. */
  #breaks = 0;
  /** Line where the current row begins, from 1. */
  line = 0;
  /** Place and end of the current row, without its line end. */
  start = 0;
  end = 0;
  /** Number of cells of the current row. */
  width = 0;
  /** Row whose quotation mark is not closed: it takes the rest of the text. */
  unclosed: RowProblem | undefined;
  /** Number of comment lines so far. */
  comments = 0;
  /** Number of rows without a filled cell so far. */
  blankRows = 0;

  /**
   * @param options.at place where the first row begins
   * @param options.line line of the file where it begins
   * @param options.isEnd whether the file ends with the text; otherwise, a row that may go on is left
   */
  constructor(text: string, syntax: Syntax, { at = 0, line = 1, isEnd = true } = {}) {
    const { delimiter, quote } = syntax;
    this.#text = text;
    this.#syntax = syntax;
    this.#isEnd = isEnd;
    this.#delimiter = delimiter.length === 1 ? delimiter.charCodeAt(0) : -1;
    this.#quote = quote === '' ? -1 : quote.charCodeAt(0);
    this.#skipsSpaces = delimiter.trim() !== '';
    this.#at = at;
    this.#nextLine = line;
  }

  /** Place of the first row that has not been read, and its line. */
  get rest(): { readonly at: number; readonly line: number } {
    return { at: Math.min(this.#at, this.#text.length), line: this.#nextLine };
  }

  /** Writes place and end of each cell of the current row. See `cellOf`. */
  copyBounds(target: Uint32Array, at: number): void {
    for (let i = 0; i < 2 * this.width; i++) target[at + i] = this.#bounds[i]!;
  }

  /** Returns the next row; undefined at the end of the text. */
  next(): ScannedRow | undefined {
    if (!this.advance()) return undefined;
    const { line, start, end, width } = this;
    const cells: string[] = [];
    for (let cell = 0; cell < width; cell++)
      cells.push(cellOf(this.#text, this.#bounds[2 * cell]!, this.#bounds[2 * cell + 1]!, this.#syntax));
    return { line, start, end, cells };
  }

  /** Moves to the next row. @returns false at the end of the text */
  advance(): boolean {
    const { comment } = this.#syntax;
    const text = this.#text;
    while (this.#at < text.length) {
      const start = this.#at;
      const lineEnd = indexOrEnd(text, '\n', start);
      if (lineEnd === text.length && !this.#isEnd) return false;
      if (comment !== '' && text.startsWith(comment, start)) {
        this.comments++;
        this.#nextLine++;
        this.#at = lineEnd + 1;
        continue;
      }
      const end = this.#scan(start, lineEnd);
      if ((end < 0 || end === text.length) && !this.#isEnd) return false;
      this.line = this.#nextLine;
      if (end < 0) {
        this.unclosed = { line: this.line, reason: unclosedReason() };
        this.#at = text.length;
        return false;
      }
      this.start = start;
      this.end = end;
      this.#nextLine += 1 + this.#breaks;
      this.#at = end + 1;
      if (this.#isFilled()) return true;
      if (this.width > 1) this.blankRows++;
    }
    return false;
  }

  /** Finds the cells of the row at a place. @returns its end; -1 if a quotation mark is not closed */
  #scan(start: number, firstLineEnd: number): number {
    this.width = 0;
    this.#breaks = 0;
    if (this.#delimiter < 0) return this.#scanOther(start, firstLineEnd);
    const text = this.#text;
    let lineEnd = firstLineEnd;
    for (let from = start; ;) {
      let end = this.#scanQuoted(from);
      if (end === UNCLOSED) return -1;
      if (end === UNQUOTED) {
        end = from;
        while (end < lineEnd && text.charCodeAt(end) !== this.#delimiter) end++;
        this.#add(from, end);
      } else if (end > lineEnd) lineEnd = this.#lineEndAfter(lineEnd, end);
      if (end >= lineEnd) return end;
      from = end + 1;
    }
  }

  /**
   * Adds the quoted cell at a place.
   * @returns its end; `UNQUOTED` if it has no quotation marks, or they are text; `UNCLOSED` if the closing one lacks
   */
  #scanQuoted(from: number): number {
    if (this.#quote < 0) return UNQUOTED;
    const text = this.#text;
    let opening = from;
    if (this.#skipsSpaces) while (text.charCodeAt(opening) === SPACE) opening++;
    if (text.charCodeAt(opening) !== this.#quote) return UNQUOTED;
    const { quote, escape } = this.#syntax;
    const closing = text.indexOf(quote, opening + 1);
    if (closing < 0) return UNCLOSED;
    const after = closing + 1 < text.length ? text.charCodeAt(closing + 1) : LINE_FEED;
    const isPlain =
      (after === LINE_FEED || after === this.#delimiter) &&
      (escape === 'double' || !text.slice(opening, closing).includes('\\'));
    if (isPlain) {
      this.#add(opening + 1, closing);
      return closing + 1;
    }
    const cell = scanCell(text, from, this.#syntax);
    if (!cell) return UNCLOSED;
    if (!cell.quoted) return UNQUOTED;
    this.#addCell(cell);
    return cell.end;
  }

  /** Finds the cells of a row with a delimiter of several characters. */
  #scanOther(start: number, lineEnd: number): number {
    const { delimiter, quote } = this.#syntax;
    const text = this.#text;
    const content = text.slice(start, lineEnd);
    if (delimiter === BLANKS && (quote === '' || !content.includes(quote))) {
      const first = start + content.length - content.trimStart().length;
      const last = start + content.trimEnd().length;
      let from = first;
      for (let at = first; at < last; at++) {
        if (!isBlank(text[at])) continue;
        this.#add(from, at);
        from = skipBlanks(text, at);
        at = from - 1;
      }
      this.#add(from, Math.max(from, last));
      return lineEnd;
    }
    const cells = scanCells(text, start, this.#syntax, this.#isEnd);
    if (!cells) return -1;
    for (const cell of cells) this.#addCell(cell);
    const end = cells.at(-1)?.end ?? lineEnd;
    if (end > lineEnd) this.#lineEndAfter(lineEnd, end);
    return end;
  }

  /** Counts the line ends from one up to a place. @returns the next one */
  #lineEndAfter(lineEnd: number, place: number): number {
    let at = lineEnd;
    for (; at < place; at = indexOrEnd(this.#text, '\n', at + 1)) this.#breaks++;
    return at;
  }

  #addCell({ value, start, end, quoted }: ScannedCell): void {
    if (!quoted) this.#add(start, end);
    else if (this.#text.startsWith(value, start + 1) && this.#text.charCodeAt(start + 1 + value.length) === this.#quote)
      this.#add(start + 1, start + 1 + value.length);
    else this.#add(ESCAPED + start, end);
  }

  #add(start: number, end: number): void {
    if (2 * this.width === this.#bounds.length) this.#bounds = twice(this.#bounds);
    this.#bounds[2 * this.width] = start;
    this.#bounds[2 * this.width + 1] = end;
    this.width++;
  }

  /** Whether a cell of the current row has more than white space. */
  #isFilled(): boolean {
    for (let cell = 0; cell < this.width; cell++) {
      const [start, end] = [this.#bounds[2 * cell]!, this.#bounds[2 * cell + 1]!];
      const first = this.#text.charCodeAt(start);
      // Most cells begin with a visible character of ASCII.
      if (start < end && start < ESCAPED && first > SPACE && first < 0x7f) return true;
      if (cellOf(this.#text, start, end, this.#syntax).trim() !== '') return true;
    }
    return false;
  }
}

const [UNQUOTED, UNCLOSED] = [-1, -2];

/** Why the row with an open quotation mark is no row. */
export function unclosedReason(): Text {
  return phrase('a quote opens a cell and is not closed, so that the rest of the file would belong to this cell');
}

/**
 * Returns the cells of the row that begins at a place; undefined if a quotation mark is not closed.
 * @param isEnd whether the file ends with the text; otherwise, a quotation mark before a part of a delimiter is not closed
 */
export function scanCells(text: string, start: number, syntax: Syntax, isEnd = true): ScannedCell[] | undefined {
  const { delimiter } = syntax;
  const cells: ScannedCell[] = [];
  let at = delimiter === BLANKS ? skipBlanks(text, start) : start;
  for (;;) {
    const cell = scanCell(text, at, syntax, isEnd);
    if (!cell) return undefined;
    const isLast = cell.end >= text.length || text[cell.end] === '\n';
    // Blanks at the end of a line separate nothing.
    if (!(isLast && delimiter === BLANKS && cell.start === cell.end && cells.length > 0)) cells.push(cell);
    if (isLast) return cells;
    at = delimiter === BLANKS ? skipBlanks(text, cell.end) : cell.end + delimiter.length;
  }
}

function scanCell(text: string, start: number, syntax: Syntax, isEnd = true): ScannedCell | undefined {
  const { delimiter, quote } = syntax;
  const opening = delimiter === BLANKS || delimiter.trim() === '' ? start : skipSpaces(text, start);
  if (quote !== '' && text[opening] === quote) {
    const quoted = scanQuoted(text, opening, syntax, isEnd);
    if (quoted !== 'literal') return quoted;
  }
  const end = endOfCell(text, start, delimiter);
  return { value: text.slice(start, end), start, end, quoted: false };
}

/**
 * Reads a quoted cell. A cell with text behind its closing quotation mark is literal text.
 * @returns undefined if the quotation mark is not closed
 */
function scanQuoted(text: string, opening: number, { delimiter, quote, escape }: Syntax, isEnd: boolean) {
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
      const end = endOfQuoted(text, at + 1, delimiter);
      const closes = end >= text.length || text[end] === '\n' || startsWithDelimiter(text, end, delimiter);
      // The rest of the delimiter may follow.
      if (!closes && !isEnd && delimiter.startsWith(text.slice(end))) return undefined;
      return closes ? { value: parts.join(''), start: opening, end, quoted: true } : 'literal';
    }
  }
}

/** Where what follows a closing quotation mark begins, without spaces; a delimiter may begin with some of them. */
function endOfQuoted(text: string, from: number, delimiter: string): number {
  if (delimiter === BLANKS || delimiter.trim() === '') return from;
  const end = skipSpaces(text, from);
  if (end >= text.length || text[end] === '\n') return end;
  return Math.max(from, end - skipSpaces(delimiter, 0));
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

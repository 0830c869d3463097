import { FIRST_HASH, hashWith } from '../hashIndex.ts';
import { piecesOf } from './pieces.ts';

/** Receives a token: its form, and the number of its code units in the text. */
export type VisitToken = (form: string, length: number) => void;

/**
 * Receives a part between spaces and line breaks, with the hash of its code units. Its tokens are the pieces of the part
 * with a space before it, also at the start of a line.
 */
export type VisitPart = (text: string, start: number, end: number, hash: number) => void;

const SPACE = 0x20;
const LAST_ASCII = 0x7e;
/** Characters next to which a space or a line break always separates words. */
const SEPARABLE = /^[\p{L}\p{N}\p{P}\p{S}]$/u;

/** Whether a part may begin or end with a code unit, so that its tokens do not depend on what is around it. */
function isSeparable(unit: number): boolean {
  if (unit <= LAST_ASCII) return unit > SPACE;
  return SEPARABLE.test(String.fromCharCode(unit));
}

/** Whether a token is a word or mark with the space before it. */
export function isSpaced(form: string): boolean {
  return /^ \S/u.test(form);
}

/**
 * Splits a text that arrives in chunks into the tokens of a word language model: words and punctuation marks, each with
 * the single space before it, line breaks, and other white space. A word at the start of a line has the form that it has
 * after a space, so that a vocabulary does not contain it twice. The tokens do not depend on the chunks.
 *
 * A text can be restored from its tokens: it is their concatenation without the spaces that begin a line. A space that
 * does begin a line is a token.
 */
export class WordSplitter {
  /** End of the text so far that the next chunk may continue. */
  #rest = '';
  #startsLine = true;

  /**
   * Visits the tokens that are complete after this chunk.
   * @param visitPart visits the parts whose tokens do not depend on others, in the order of the tokens; omitted: all are
   *   visited as tokens
   */
  push(chunk: string, visit: VisitToken, visitPart?: VisitPart): void {
    // Characters of a string that is joined or cut out of another take several times as long to read.
    const firstLine = this.#rest === '' ? 0 : chunk.indexOf('\n') + 1;
    const joined = this.#rest + (firstLine > 0 ? chunk.slice(0, firstLine) : chunk);
    if (firstLine > 0) {
      this.#complete(joined, 0, joined.length, visit, visitPart);
      this.#rest = '';
    }
    const [text, start] = this.#rest === '' ? [chunk, firstLine] : [joined, 0];
    const end = Math.max(start, lastBoundary(text));
    this.#complete(text, start, end, visit, visitPart);
    this.#rest = text.slice(end);
  }

  /** Number of code units that the next chunk may continue. */
  get pending(): number {
    return this.#rest.length;
  }

  /** Visits the tokens at the end of the text. Another text can follow. */
  end(visit: VisitToken): void {
    this.#split(this.#rest, visit);
    this.#rest = '';
    this.#startsLine = true;
  }

  /** Visits the tokens of a part of a text that can be split at both ends. */
  #complete(text: string, from: number, to: number, visit: VisitToken, visitPart: VisitPart | undefined): void {
    if (!visitPart) {
      this.#split(text.slice(from, to), visit);
      return;
    }
    for (let start = from; start < to;) {
      const lineBreak = text.indexOf('\n', start);
      const end = lineBreak < 0 || lineBreak >= to ? to : lineBreak;
      let isWhole = false;
      while (start < end) {
        start = this.#visitParts(text, start, end, visitPart);
        if (start === end) break;
        const next = nextPart(text, start, end);
        // A line break after a carriage return is one token with it.
        isWhole = next === end && end < to && text[end - 1] === '\r';
        this.#split(text.slice(start, isWhole ? end + 1 : next), visit);
        start = next;
      }
      if (end < to && !isWhole) {
        visit('\n', 1);
        this.#startsLine = true;
      }
      start = end + 1;
    }
  }

  /** Visits parts of a line up to one that depends on what is around it. @returns place after them */
  #visitParts(text: string, start: number, end: number, visitPart: VisitPart): number {
    let place = start;
    while (place < end) {
      if (!this.#startsLine && text.charCodeAt(place) !== SPACE) return place;
      const from = this.#startsLine ? place : place + 1;
      if (from === end || !isSeparable(text.charCodeAt(from))) return place;
      let to = from;
      let hash = FIRST_HASH;
      for (let unit = text.charCodeAt(to); to < end && unit !== SPACE; unit = text.charCodeAt(++to))
        hash = hashWith(hash, unit);
      if (!isSeparable(text.charCodeAt(to - 1))) return place;
      visitPart(text, from, to, hash);
      this.#startsLine = false;
      place = to;
    }
    return place;
  }

  #split(text: string, visit: VisitToken): void {
    for (const piece of piecesOf(text, 'word')) {
      if (!this.#startsLine) {
        visit(piece, piece.length);
      } else if (isSpaced(piece)) {
        visit(' ', 1);
        visit(piece.slice(1), piece.length - 1);
      } else {
        visit(/^\s/u.test(piece) ? piece : ` ${piece}`, piece.length);
      }
      this.#startsLine = piece === '\n';
    }
  }
}

/** Place after the start of a line's rest at which its parts do not depend on what is before; its end if there is none. */
function nextPart(text: string, start: number, end: number): number {
  for (let space = text.indexOf(' ', start + 1); space > 0 && space < end; space = text.indexOf(' ', space + 1))
    if (isSeparable(text.charCodeAt(space - 1))) return space;
  return end;
}

/**
 * The last place of a text at which it can be split without changing its tokens: after a line break, else before a space
 * that follows a word; 0 if there is none.
 */
function lastBoundary(text: string): number {
  const line = text.lastIndexOf('\n');
  if (line >= 0) return line + 1;
  for (let space = text.lastIndexOf(' '); space > 0; space = text.lastIndexOf(' ', space - 1))
    if (!/\s/u.test(text[space - 1] ?? '')) return space;
  return 0;
}

import { piecesOf } from './pieces.ts';

/** Receives a token: its form, and the number of its code units in the text. */
export type VisitToken = (form: string, length: number) => void;

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

  /** Visits the tokens that are complete after this chunk. */
  push(chunk: string, visit: VisitToken): void {
    const text = this.#rest + chunk;
    const end = lastBoundary(text);
    this.#startsLine = splitTokens(text.slice(0, end), this.#startsLine, visit);
    this.#rest = text.slice(end);
  }

  /** Visits the tokens at the end of the text. Another text can follow. */
  end(visit: VisitToken): void {
    splitTokens(this.#rest, this.#startsLine, visit);
    this.#rest = '';
    this.#startsLine = true;
  }
}

/**
 * Visits the tokens of a part of a text that can be split at both ends.
 * @param startsLine whether the part begins a line
 * @returns whether what follows begins a line
 */
export function splitTokens(text: string, startsLine: boolean, visit: VisitToken): boolean {
  let begins = startsLine;
  for (const piece of piecesOf(text, 'word')) {
    if (!begins) {
      visit(piece, piece.length);
    } else if (isSpaced(piece)) {
      visit(' ', 1);
      visit(piece.slice(1), piece.length - 1);
    } else {
      visit(/^\s/u.test(piece) ? piece : ` ${piece}`, piece.length);
    }
    begins = piece === '\n';
  }
  return begins;
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

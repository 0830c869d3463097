import { piecesOf } from './pieces.ts';

/** Receives a token: its form, and the number of its code units in the text. */
export type VisitToken = (form: string, length: number) => void;

/** Whether a token is a word or mark with the space before it. */
export function isSpaced(form: string): boolean {
  return /^ \S/u.test(form);
}

/**
 * Splits a text into the tokens of a word language model: words and punctuation marks, each with the single space before
 * it, line breaks, and other white space. A word at the start of a line has the form that it has after a space, so that a
 * vocabulary does not contain it twice.
 *
 * A text can be restored from its tokens: it is their concatenation without the spaces that begin a line. A space that
 * does begin a line is a token.
 *
 * @param text a text, or a part of one that can be split at both ends
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

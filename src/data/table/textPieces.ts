/** Longest string of JavaScript engines, in UTF-16 code units. */
export const LONGEST_TEXT = 2 ** 29 - 24;

/** Text in pieces, which together may be longer than the longest string. */
export class TextPieces {
  /** Length in UTF-16 code units. */
  readonly length: number;
  readonly #pieces: readonly string[];

  constructor(pieces: readonly string[]) {
    this.#pieces = pieces;
    this.length = pieces.reduce((sum, { length }) => sum + length, 0);
  }

  slice(from: number, to: number): string {
    const parts: string[] = [];
    let first = 0;
    for (const piece of this.#pieces) {
      if (first >= to) break;
      if (first + piece.length > from) parts.push(piece.slice(Math.max(0, from - first), to - first));
      first += piece.length;
    }
    return parts.join('');
  }

  /** Place of the first line end from a place on; -1 if there is none. */
  lineEnd(from: number): number {
    let first = 0;
    for (const piece of this.#pieces) {
      const found = first + piece.length > from ? piece.indexOf('\n', from - first) : -1;
      if (found >= 0) return first + found;
      first += piece.length;
    }
    return -1;
  }

  /** The text up to the end of the piece with the first filled line and more than white space after it, or all of it. */
  head(): string {
    let text = '';
    for (const piece of this.#pieces) {
      text += piece;
      if (text.trim().includes('\n')) break;
    }
    return text;
  }
}

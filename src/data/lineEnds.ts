/** Turns CRLF and lone CR into LF in a text that arrives in pieces, and counts them. */
export class LineEndNormalizer {
  /** Line ends that were changed so far. */
  changed = 0;
  /** A CR at the end of a piece waits: an LF at the beginning of the next one belongs to it. */
  #heldCarriageReturn = false;

  push(piece: string): string {
    const text = this.#heldCarriageReturn ? `\r${piece}` : piece;
    this.#heldCarriageReturn = text.endsWith('\r');
    return this.#normalize(this.#heldCarriageReturn ? text.slice(0, -1) : text);
  }

  /** The end of the text. */
  flush(): string {
    const rest = this.#heldCarriageReturn ? '\r' : '';
    this.#heldCarriageReturn = false;
    return this.#normalize(rest);
  }

  #normalize(text: string): string {
    if (!text.includes('\r')) return text;
    for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1)) this.changed++;
    return text.replace(/\r\n?/g, '\n');
  }
}

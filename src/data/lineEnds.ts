/** Converts CRLF and lone CR to LF in a text that arrives in chunks, and counts the changes. */
export class LineEndNormalizer {
  /** Number of line ends changed so far. */
  changed = 0;
  /** True after a CR at the end of a chunk, because an LF at the start of the next chunk belongs to it. */
  #heldCarriageReturn = false;

  push(piece: string): string {
    const text = this.#heldCarriageReturn ? `\r${piece}` : piece;
    this.#heldCarriageReturn = text.endsWith('\r');
    return this.#normalize(this.#heldCarriageReturn ? text.slice(0, -1) : text);
  }

  /** Returns the rest at the end of the text. */
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

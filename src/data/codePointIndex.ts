const LOW_CODE_POINTS = 0x10000;

/**
 * Map from code points to ids for texts of hundreds of megabytes. The basic multilingual plane, which covers almost all
 * text, is a table; the rare other code points are in a `Map`. Id 0 means "not found".
 */
export class CodePointIndex {
  readonly #low = new Int32Array(LOW_CODE_POINTS);
  readonly #high = new Map<number, number>();

  get(codePoint: number): number {
    return (codePoint < LOW_CODE_POINTS ? this.#low[codePoint] : this.#high.get(codePoint)) ?? 0;
  }

  set(codePoint: number, id: number): void {
    if (codePoint < LOW_CODE_POINTS) this.#low[codePoint] = id;
    else this.#high.set(codePoint, id);
  }

  /**
   * Writes the id of every code point of a text.
   * @param target array of at least `text.length` ids
   * @param unseen returns the id of a code point that is not in the index; `place` is its index in the text
   * @returns the number of code points
   */
  encode(text: string, target: Int32Array, unseen: (codePoint: number, place: number) => number): number {
    const low = this.#low;
    let count = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      const isHighSurrogate = (unit & 0xfc00) === 0xd800;
      const codePoint = isHighSurrogate ? (text.codePointAt(i) ?? unit) : unit;
      if (codePoint !== unit) i++;
      const id = codePoint < LOW_CODE_POINTS ? low[codePoint] : this.#high.get(codePoint);
      target[count] = id || unseen(codePoint, count);
      count++;
    }
    return count;
  }
}

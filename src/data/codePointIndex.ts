import { TextBytes } from './textBytes.ts';

const ASCII = 0x80;
const LOW_CODE_POINTS = 0x10000;

/**
 * Map from code points to ids for texts of hundreds of megabytes. The basic multilingual plane, which covers almost all
 * text, is a table; the rare other code points are in a `Map`. Id 0 means "not found".
 */
export class CodePointIndex {
  readonly #low = new Int32Array(LOW_CODE_POINTS);
  /** The beginning of the table by the first byte of a character, with zeros where a character goes on. */
  readonly #ascii = new Int32Array(0x100);
  readonly #high = new Map<number, number>();
  readonly #text = new TextBytes();

  get(codePoint: number): number {
    return (codePoint < LOW_CODE_POINTS ? this.#low[codePoint] : this.#high.get(codePoint)) ?? 0;
  }

  set(codePoint: number, id: number): void {
    if (codePoint < ASCII) this.#ascii[codePoint] = id;
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
    this.#text.set(text);
    const { bytes, length } = this.#text;
    const ascii = this.#ascii;
    let count = 0;
    for (let at = 0; at < length; count++) {
      const first = bytes[at]!;
      const known = ascii[first]!;
      if (known !== 0) {
        target[count] = known;
        at++;
        continue;
      }
      const size = sizeOf(first);
      const codePoint = size === 1 ? first : codePointAt(bytes, at, size);
      target[count] = this.get(codePoint) || unseen(codePoint, count);
      at += size;
    }
    return count;
  }
}

/** Number of the bytes of a character of UTF-8 by the first of them. */
function sizeOf(first: number): number {
  if (first < 0xe0) return first < 0x80 ? 1 : 2;
  return first < 0xf0 ? 3 : 4;
}

/** The code point of valid UTF-8 at a place. @param size number of its bytes, two to four */
function codePointAt(bytes: Uint8Array, at: number, size: number): number {
  const first = bytes[at]!;
  const second = bytes[at + 1]! & 0x3f;
  if (size === 2) return ((first & 0x1f) << 6) | second;
  const third = bytes[at + 2]! & 0x3f;
  if (size === 3) return ((first & 0x0f) << 12) | (second << 6) | third;
  return ((first & 0x07) << 18) | (second << 12) | (third << 6) | (bytes[at + 3]! & 0x3f);
}

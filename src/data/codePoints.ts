import { TextBytes } from './textBytes.ts';

const LAST_CODE_POINT = 0x10ffff;
const LAST_OF_ONE_UNIT = 0xffff;
const ASCII = 0x80;
/** Characters of two code units. */
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

/** Number of characters of a text. */
export function countCharacters(text: string): number {
  return text.length - (text.match(PAIR)?.length ?? 0);
}

function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

function grown(known: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(LAST_CODE_POINT + 1);
  all.set(known);
  return all;
}

/** Set of characters by their code points, for texts of many millions. */
export class CharacterSet {
  /** Whether each code point is in the set; of ASCII alone until another is added. */
  #known = new Uint8Array(ASCII);
  readonly #bytes = new TextBytes();

  /** Adds the characters of a text. @param encoded the bytes of the text, if they are known */
  addAll(text: string, encoded = this.#encoded(text)): void {
    const { bytes, length } = encoded;
    if (length !== text.length) this.add(text);
    else for (let at = 0; at < length; at++) this.#known[bytes[at]!] = 1;
  }

  /** Number of characters of a text that are not in the set. @param encoded the bytes of the text, if they are known */
  countOthers(text: string, encoded = this.#encoded(text)): number {
    const { bytes, length } = encoded;
    let others = 0;
    if (length !== text.length) this.others(text, 0, () => others++);
    else for (let at = 0; at < length; at++) others += 1 - this.#known[bytes[at]!]!;
    return others;
  }

  /** Adds the characters of a text, at most a number of them. @returns place of the first that was not added */
  add(text: string, most = Infinity): number {
    let at = 0;
    for (let count = 0; at < text.length && count < most; count++) {
      const unit = text.charCodeAt(at);
      const code = isHighSurrogate(unit) ? text.codePointAt(at)! : unit;
      if (code >= this.#known.length) this.#known = grown(this.#known);
      this.#known[code] = 1;
      at += code > LAST_OF_ONE_UNIT ? 2 : 1;
    }
    return at;
  }

  /** Passes each character of a text from a place on that is not in the set. */
  others(text: string, from: number, found: (character: string) => void): void {
    for (let at = from; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      const code = isHighSurrogate(unit) ? text.codePointAt(at)! : unit;
      if (this.#known[code] !== 1) found(String.fromCodePoint(code));
      if (code > LAST_OF_ONE_UNIT) at++;
    }
  }

  #encoded(text: string): TextBytes {
    this.#bytes.set(text);
    return this.#bytes;
  }
}

import { TextBytes } from './textBytes.ts';

const LAST_CODE_POINT = 0x10ffff;
const LAST_OF_ONE_UNIT = 0xffff;
/** Characters of two code units. */
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

/** Number of characters of a text. */
export function countCharacters(text: string): number {
  return text.length - (text.match(PAIR)?.length ?? 0);
}

function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

/** Set of characters by their code points, for texts of many millions. */
export class CharacterSet {
  readonly #known = new Uint8Array(LAST_CODE_POINT + 1);
  readonly #bytes = new TextBytes();

  /** Adds the characters of a text. */
  addAll(text: string): void {
    this.#bytes.set(text);
    const { bytes, length } = this.#bytes;
    if (length !== text.length) this.add(text);
    else for (let at = 0; at < length; at++) this.#known[bytes[at]!] = 1;
  }

  /** Number of characters of a text that are not in the set. */
  countOthers(text: string): number {
    this.#bytes.set(text);
    const { bytes, length } = this.#bytes;
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
      if (this.#known[code] === 0) found(String.fromCodePoint(code));
      if (code > LAST_OF_ONE_UNIT) at++;
    }
  }
}

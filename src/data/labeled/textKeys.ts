import { firstEqual } from '../firstEqual.ts';
import { TextBytes } from '../textBytes.ts';
import { FIRST_HASH, hashOf, hashWith } from '../hashIndex.ts';

/** Returns a key that is equal for texts that differ only in case and white space. */
function textKey(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

const SPACE = 0x20;

/** Bytes of ASCII in lower case, with a space for white space. */
const FOLDED = Uint8Array.from({ length: 0x80 }, (_, code) => {
  if (code >= 0x09 && code <= 0x0d) return SPACE;
  return code >= 0x41 && code <= 0x5a ? code + SPACE : code;
});

/** Hash of the key of a text, which is found without the key for text of ASCII. */
function hashOfKey(text: string, { bytes, length }: TextBytes): number {
  if (length !== text.length) return hashOf(textKey(text));
  let hash = FIRST_HASH;
  let isAfterSpace = false;
  for (let at = 0; at < length; at++) {
    const code = FOLDED[bytes[at]!]!;
    if (code === SPACE) isAfterSpace = true;
    else {
      if (isAfterSpace && hash !== FIRST_HASH) hash = hashWith(hash, SPACE);
      isAfterSpace = false;
      hash = hashWith(hash, code);
    }
  }
  return hash;
}

/** Numbers of texts: the same for texts with the same key, from 0 in the order in which they first occur. */
export interface TextNumbers {
  readonly numbers: Int32Array;
  /** How many different numbers there are. */
  readonly distinct: number;
}

/** Numbers the texts of items, without their keys in memory. */
export function numberTexts(items: readonly { readonly text: string }[]): TextNumbers {
  const bytes = new TextBytes();
  const hashes = new Int32Array(items.length);
  items.forEach(({ text }, item) => {
    bytes.set(text);
    hashes[item] = hashOfKey(text, bytes);
  });
  const firsts = firstEqual(hashes, (one, other) => {
    const [text, second] = [items[one]!.text, items[other]!.text];
    return text === second || textKey(text) === textKey(second);
  });
  let distinct = 0;
  const numbers = new Int32Array(items.length);
  for (let item = 0; item < numbers.length; item++)
    numbers[item] = firsts[item] === item ? distinct++ : numbers[firsts[item]!]!;
  return { numbers, distinct };
}

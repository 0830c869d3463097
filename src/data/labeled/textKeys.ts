import { twice } from '../twice.ts';
import { TextBytes } from '../textBytes.ts';
import { FIRST_HASH, HashIndex, hashOf, hashWith } from '../hashIndex.ts';

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
  const index = new HashIndex();
  const bytes = new TextBytes();
  const numbers = new Int32Array(items.length);
  /** The first item with each number. */
  let firsts = new Int32Array(1024);
  let current = '';
  const isSame = (number: number): boolean => {
    const { text } = items[firsts[number]!]!;
    return text === current || textKey(text) === textKey(current);
  };
  items.forEach(({ text }, item) => {
    current = text;
    bytes.set(text);
    const before = index.size;
    const number = index.numberOf(hashOfKey(text, bytes), isSame);
    numbers[item] = number;
    if (number < before) return;
    if (number === firsts.length) firsts = twice(firsts);
    firsts[number] = item;
  });
  return { numbers, distinct: index.size };
}

import { HashIndex, hashOf } from '../hashIndex.ts';

/** Text of ASCII that is its own key, as most lower-cased texts are. */
const IS_KEY = /^[!-@[-~]+(?: [!-@[-~]+)*$/;

/** Returns a key that is equal for texts that differ only in case and white space. */
export function textKey(text: string): string {
  if (IS_KEY.test(text)) return text;
  return text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
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
    const before = index.size;
    const number = index.numberOf(hashOf(textKey(text)), isSame);
    numbers[item] = number;
    if (number < before) return;
    if (number === firsts.length) {
      const larger = new Int32Array(2 * number);
      larger.set(firsts);
      firsts = larger;
    }
    firsts[number] = item;
  });
  return { numbers, distinct: index.size };
}

import { numberTexts, type TextNumbers } from '../labeled/textKeys.ts';
import type { Repetitions } from './inspection.ts';

/**
 * Counts repetitions within the parts and between them.
 * @param items all items
 * @param validation those of the validation part, in the same order
 * @param answerOf label, tags or target of an item
 * @param texts the numbers of the texts of all items, if they are known
 */
export function repetitionsIn<Item extends { readonly text: string }>(
  items: readonly Item[],
  validation: readonly Item[],
  answerOf: (item: Item) => string,
  texts?: TextNumbers,
): Repetitions {
  // A whole file may be one line.
  if (items.length < 2) return { repeated: 0, contradicting: 0, shared: 0 };
  const { numbers, distinct } = texts ?? numberTexts(items);
  /** The first item with each text. */
  const firsts = new Int32Array(distinct).fill(-1);
  const isContradicted = new Uint8Array(distinct);
  const inTraining = new Uint8Array(distinct);
  const isValidation = new Uint8Array(items.length);
  let next = 0;
  items.forEach((item, at) => {
    const text = numbers[at]!;
    const first = firsts[text]!;
    if (first < 0) firsts[text] = at;
    else if (answerOf(items[first]!) !== answerOf(item)) isContradicted[text] = 1;
    if (item === validation[next]) {
      isValidation[at] = 1;
      next++;
    } else inTraining[text] = 1;
  });
  return {
    repeated: items.length - distinct,
    contradicting: isContradicted.reduce((sum, one) => sum + one, 0),
    shared: isValidation.reduce((sum, one, at) => sum + (one & inTraining[numbers[at]!]!), 0),
  };
}

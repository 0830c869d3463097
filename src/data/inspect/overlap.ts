import { numberTexts } from '../labeled/textKeys.ts';
import type { Repetitions } from './inspection.ts';

/** Counts repetitions within the parts and between them. @param answerOf label, tags or target of an item */
export function repetitionsIn<Item extends { readonly text: string }>(
  train: readonly Item[],
  validation: readonly Item[],
  answerOf: (item: Item) => string,
): Repetitions {
  // A whole file may be one line.
  if (train.length + validation.length < 2) return { repeated: 0, contradicting: 0, shared: 0 };
  const items = [...train, ...validation];
  const { numbers, distinct } = numberTexts(items);
  /** The first item with each text. */
  const firsts = new Int32Array(distinct).fill(-1);
  const isContradicted = new Uint8Array(distinct);
  let shared = 0;
  items.forEach((item, at) => {
    const text = numbers[at]!;
    const first = firsts[text]!;
    if (first < 0) firsts[text] = at;
    else if (answerOf(items[first]!) !== answerOf(item)) isContradicted[text] = 1;
    if (at >= train.length && first >= 0 && first < train.length) shared++;
  });
  return {
    repeated: items.length - distinct,
    contradicting: isContradicted.reduce((sum, one) => sum + one, 0),
    shared,
  };
}

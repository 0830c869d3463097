import { textKey } from '../labeled/split.ts';
import type { Repetitions, TokenUnit, UnknownTokens } from './inspection.ts';

/** Overlap of the training part and the validation part of a data set. */

const MAX_EXAMPLES = 12;

export interface Repeatable {
  readonly text: string;
  /** Label, tags or target; empty without any. */
  readonly answer: string;
}

/** Counts repetitions within the parts and between them. */
export function repetitionsIn(train: readonly Repeatable[], validation: readonly Repeatable[]): Repetitions {
  // A whole file may be one line.
  if (train.length + validation.length < 2) return { repeated: 0, contradicting: 0, shared: 0 };
  /** The first answer to each text. */
  const answers = new Map<string, string>();
  const contradicting = new Set<string>();
  const add = ({ answer }: Repeatable, key: string): void => {
    const known = answers.get(key);
    if (known === undefined) answers.set(key, answer);
    else if (known !== answer) contradicting.add(key);
  };
  for (const item of train) add(item, textKey(item.text));
  const keys = validation.map(({ text }) => textKey(text));
  const shared = keys.filter((key) => answers.has(key)).length;
  validation.forEach((item, at) => add(item, keys[at]!));
  return {
    repeated: train.length + validation.length - answers.size,
    contradicting: contradicting.size,
    shared,
  };
}

/**
 * Finds tokens of the validation part that never occur in the training part, which is read first. Returns null without a
 * validation part.
 */
export function unknownTokens(
  train: Iterable<readonly string[]>,
  validation: Iterable<readonly string[]>,
  unit: TokenUnit,
): UnknownTokens | null {
  const known = new Set<string>();
  for (const item of train) for (const token of item) known.add(token);
  const counts = new Map<string, number>();
  let items = 0;
  let tokens = 0;
  let unknown = 0;
  for (const item of validation) {
    items++;
    tokens += item.length;
    for (const token of item) {
      if (known.has(token)) continue;
      unknown++;
      counts.set(token, (counts.get(token) ?? 0) + 1);
    }
  }
  if (items === 0) return null;
  const examples = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MAX_EXAMPLES);
  return { unit, tokens, unknown, examples: examples.map(([token]) => token) };
}

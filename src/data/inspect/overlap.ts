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
  const answers = new Map<string, Set<string>>();
  for (const { text, answer } of [...train, ...validation]) {
    const key = textKey(text);
    const known = answers.get(key);
    if (known) known.add(answer);
    else answers.set(key, new Set([answer]));
  }
  const trained = new Set(train.map(({ text }) => textKey(text)));
  return {
    repeated: train.length + validation.length - answers.size,
    contradicting: [...answers.values()].filter(({ size }) => size > 1).length,
    shared: validation.filter(({ text }) => trained.has(textKey(text))).length,
  };
}

/**
 * Finds tokens of the validation part that never occur in the training part. Returns null without a validation part.
 */
export function unknownTokens(
  train: readonly (readonly string[])[],
  validation: readonly (readonly string[])[],
  unit: TokenUnit,
): UnknownTokens | null {
  if (validation.length === 0) return null;
  const known = new Set(train.flat());
  const counts = new Map<string, number>();
  let tokens = 0;
  let unknown = 0;
  for (const token of validation.flat()) {
    tokens++;
    if (known.has(token)) continue;
    unknown++;
    counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  const examples = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MAX_EXAMPLES);
  return { unit, tokens, unknown, examples: examples.map(([token]) => token) };
}

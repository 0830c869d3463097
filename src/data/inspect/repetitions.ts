import { textKey } from '../labeled/split.ts';
import type { Repetitions } from './inspection.ts';

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

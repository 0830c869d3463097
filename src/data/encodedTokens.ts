import { phrase, PhrasedError } from '../phrases/phrase.ts';

/** Text converted to the tokens of a model. */
export interface EncodedTokens {
  readonly tokens: readonly string[];
  readonly ids: Int32Array;
  /** Start of each token in the text, in UTF-16 code units. */
  readonly offsets: readonly number[];
}

/** Index of the first token to report: at or after an offset of the text, and among the last `limit` tokens. */
export function firstReported({ offsets }: EncodedTokens, from: number, limit: number): number {
  const first = offsets.findIndex((offset) => offset >= from);
  if (first < 0) throw new PhrasedError(phrase('No token begins at or after character {0} of the text.', from));
  return Math.max(first, offsets.length - limit);
}

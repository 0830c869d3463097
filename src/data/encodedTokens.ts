import type { Vocabulary } from './vocabulary.ts';

/** Text converted to the tokens of a model. */
export interface EncodedTokens {
  readonly tokens: readonly string[];
  readonly ids: Int32Array;
  /** Start of each token in the text, in UTF-16 code units. */
  readonly offsets: readonly number[];
}

/** Encodes the characters of a text. @throws Error if the text is empty */
export function encodeCharacters(text: string, vocabulary: Vocabulary): EncodedTokens {
  if (text === '') throw new Error('The text is empty.');
  const tokens = Array.from(text);
  let offset = 0;
  const offsets = tokens.map((token) => {
    const start = offset;
    offset += token.length;
    return start;
  });
  return { tokens, ids: vocabulary.encode(text), offsets };
}

/** Index of the first token to report: at or after an offset of the text, and among the last `limit` tokens. */
export function firstReported({ offsets }: EncodedTokens, from: number, limit: number): number {
  const first = offsets.findIndex((offset) => offset >= from);
  if (first < 0) throw new Error(`No token begins at or after character ${from} of the text.`);
  return Math.max(first, offsets.length - limit);
}

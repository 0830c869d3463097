import type { Vocabulary } from './vocabulary.ts';

/** A text as a model reads it. */
export interface EncodedTokens {
  readonly tokens: readonly string[];
  readonly ids: Int32Array;
  /** Where each token begins in the text, in UTF-16 code units. */
  readonly offsets: readonly number[];
}

/** The characters of a text. @throws Error for a text without one */
export function encodeCharacters(text: string, vocabulary: Vocabulary): EncodedTokens {
  if (text === '') throw new Error('There is no text to read.');
  const tokens = Array.from(text);
  let offset = 0;
  const offsets = tokens.map((token) => {
    const start = offset;
    offset += token.length;
    return start;
  });
  return { tokens, ids: vocabulary.encode(text), offsets };
}

/** The tokens from an offset of the text on, and at most the last `most` of them, as the index of the first. */
export function firstReported({ offsets }: EncodedTokens, from: number, most: number): number {
  const first = offsets.findIndex((offset) => offset >= from);
  if (first < 0) throw new Error(`No token begins at or after character ${from} of the text.`);
  return Math.max(first, offsets.length - most);
}

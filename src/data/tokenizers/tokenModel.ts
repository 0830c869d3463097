/** The tokens of a part of a text. */
export interface Split {
  /** Ids of the tokenizer. */
  readonly ids: readonly number[];
  /** End of each token in the part, in UTF-16 code units. */
  readonly ends: readonly number[];
}

/** Splits a part of a text, which tokens do not cross, into tokens. */
export interface TokenModel {
  split(word: string): Split;
}

/** The bytes of a text in UTF-8. */
export function bytesInUtf8(text: string): number[] {
  return Array.from(new TextEncoder().encode(text));
}

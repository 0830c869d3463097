/** Minimum and maximum length of n-grams. */
export interface NgramLengths {
  readonly shortest: number;
  readonly longest: number;
}

/**
 * Returns all n-grams of neighboring tokens as single tokens, so that a bag of words contains some of the order.
 * @param separator string between the tokens of an n-gram: a space for words, empty for characters
 */
export function ngrams(tokens: readonly string[], { shortest, longest }: NgramLengths, separator: string): string[] {
  const found: string[] = [];
  for (let length = shortest; length <= longest; length++) {
    for (let start = 0; start + length <= tokens.length; start++)
      found.push(tokens.slice(start, start + length).join(separator));
  }
  return found;
}

/** The shortest and the longest n-grams that are asked for. */
export interface NgramLengths {
  readonly shortest: number;
  readonly longest: number;
}

/**
 * All runs of neighboring tokens with so many of them, as tokens in their own right: what a bag must hold to know a
 * little of the order.
 * @param separator between the tokens of a run: a space for words, nothing for characters
 */
export function ngrams(tokens: readonly string[], { shortest, longest }: NgramLengths, separator: string): string[] {
  const found: string[] = [];
  for (let length = shortest; length <= longest; length++) {
    for (let start = 0; start + length <= tokens.length; start++)
      found.push(tokens.slice(start, start + length).join(separator));
  }
  return found;
}

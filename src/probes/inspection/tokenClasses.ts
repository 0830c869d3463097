import type { UnitSort } from '../../protocol/inspection.ts';

/** Class of tokens that the values of a unit may correlate with. */
export type TokenClass = Exclude<UnitSort, 'index' | 'saturation' | 'memory'>;

const patterns: Record<TokenClass, RegExp> = {
  letters: /^\p{L}/u,
  digits: /^\p{N}/u,
  spaces: /^[\p{Zs}\t]/u,
  punctuation: /^[\p{P}\p{S}]/u,
  capitals: /^\p{Lu}/u,
  newlines: /^[\n\r]/u,
  quotes: /^["'`\p{Pi}\p{Pf}]/u,
};

/** Whether a token is of a class. The space before a word is not part of it. */
export function isOfClass(token: string, tokenClass: TokenClass): boolean {
  return patterns[tokenClass].test(token.replace(/^ (?=\S)/u, ''));
}

import { type TokenClass, tokenClass } from '../../protocol/inspection.ts';

/** Classes of tokens that the values of a unit may correlate with. */
export const TOKEN_CLASSES: readonly TokenClass[] = tokenClass.options;

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
export function isOfClass(token: string, name: TokenClass): boolean {
  return patterns[name].test(token.replace(/^ (?=\S)/u, ''));
}

/** Symbols for invisible characters. */
const SIGNS: Readonly<Record<string, string>> = {
  '\n': '↵',
  '\r': '␍',
  '\t': '⇥',
  ' ': '␣',
  '\u007f': '␡',
  '\u00a0': '⍽',
};

/** U+2400 and the symbols after it represent the ASCII control characters, in their order. */
const CONTROL_PICTURES = 0x2400;

/** Combining marks, and characters without a visible form. */
const FORMLESS = /^[\p{M}\p{Cf}\p{Cc}\p{Cs}\p{Z}]$/u;

/**
 * Label of a token, the same in the editor and in every view, without the space before a word. White space and control characters become symbols, a
 * combining mark is put on a circle, and a character without a visible form becomes its code, such as U+200B.
 */
export function visibleToken(token: string): string {
  return Array.from(token.replace(/^ (?=\S)/u, ''), visibleCharacter).join('');
}

function visibleCharacter(character: string): string {
  const sign = SIGNS[character];
  if (sign !== undefined) return sign;
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint < 0x20) return String.fromCodePoint(CONTROL_PICTURES + codePoint);
  if (!FORMLESS.test(character)) return character;
  return /\p{M}/u.test(character) ? `◌${character}` : `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}

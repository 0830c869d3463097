/** Signs for the characters that a reader could not see otherwise. */
const SIGNS: Readonly<Record<string, string>> = {
  '\n': '↵',
  '\r': '␍',
  '\t': '⇥',
  ' ': '␣',
  '\u007f': '␡',
  '\u00a0': '⍽',
};

/** U+2400 and the signs after it picture the control characters of ASCII, in their order. */
const CONTROL_PICTURES = 0x2400;

/** What stands on the character before it, or has neither form nor width. */
const FORMLESS = /^[\p{M}\p{Cf}\p{Cc}\p{Cs}\p{Z}]$/u;

/**
 * A token as it is written on a label, the same in the editor and in every view: white space and control characters
 * become signs, a combining mark gets a circle to stand on, and what has no form its code, such as U+200B.
 */
export function visibleToken(token: string): string {
  return Array.from(token, visibleCharacter).join('');
}

function visibleCharacter(character: string): string {
  const sign = SIGNS[character];
  if (sign !== undefined) return sign;
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint < 0x20) return String.fromCodePoint(CONTROL_PICTURES + codePoint);
  if (!FORMLESS.test(character)) return character;
  return /\p{M}/u.test(character) ? `◌${character}` : `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * Control characters other than tab and line break, and the characters that change the direction of a text: a terminal
 * obeys them, and in a list they change what a reader sees of the texts next to them.
 */
const HIDDEN = /\r(?!\n)|[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g; // eslint-disable-line no-control-regex

/** A text with its hidden characters as escapes, such as `\u001b`, which JSON reads as the same character. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Longest prompt in characters; the state of a model hardly depends on earlier text. */
const PROMPT_CHARACTERS = 500;

/**
 * Prompt for a continuation: the last characters (code points) before the cursor, with normalized line ends.
 */
export function promptBefore(text: string): string {
  // A code point has at most two units, so truncating before counting loses nothing.
  const end = text.replaceAll('\r\n', '\n').slice(-2 * PROMPT_CHARACTERS);
  return [...end].slice(-PROMPT_CHARACTERS).join('');
}

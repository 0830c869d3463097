/** What a model can take in: its state forgets what lies further back anyway. */
const PROMPT_CHARACTERS = 500;

/**
 * The prompt for a continuation: the last characters (code points) before the cursor, with line ends as models know
 * them.
 */
export function promptBefore(text: string): string {
  // A code point is two units at most, so the cut before counting loses nothing that is kept.
  const end = text.replaceAll('\r\n', '\n').slice(-2 * PROMPT_CHARACTERS);
  return [...end].slice(-PROMPT_CHARACTERS).join('');
}

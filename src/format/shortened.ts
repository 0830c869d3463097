/** A text of at most this many characters, and "…" if some are left out. */
export function shortened(text: string, most: number): string {
  // A character has up to two code units: a long text is not split as a whole.
  const characters = Array.from(text.slice(0, 2 * (most + 1)));
  return characters.length > most ? `${characters.slice(0, most).join('')}…` : text;
}

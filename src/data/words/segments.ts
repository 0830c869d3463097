/** Unit into which a text is split. */
export type Granularity = 'character' | 'word';

/** Word segmenter without language-specific rules, so that the result is the same on every machine. */
const words = new Intl.Segmenter('und', { granularity: 'word' });

/**
 * Splits a text into code points, or at word boundaries (Unicode Standard Annex 29), where white space and punctuation
 * are separate segments. The concatenated segments are the text.
 */
export function segments(text: string, granularity: Granularity): string[] {
  return granularity === 'character' ? Array.from(text) : Array.from(words.segment(text), ({ segment }) => segment);
}

/** Returns the words of a text in lower case, without white space and punctuation. */
export function wordsOf(text: string): string[] {
  return Array.from(words.segment(text)).flatMap(({ segment, isWordLike }) =>
    isWordLike ? [segment.toLowerCase()] : [],
  );
}

/** Into what a text is cut. */
export type Granularity = 'character' | 'word';

/** No language's own rules, so that every machine cuts alike. */
const words = new Intl.Segmenter('und', { granularity: 'word' });

/**
 * Cuts a text into code points, or at the borders of words (Unicode Standard Annex 29), where white space and
 * punctuation are pieces too. Nothing is lost: joined, the pieces are the text.
 */
export function segments(text: string, granularity: Granularity): string[] {
  return granularity === 'character' ? Array.from(text) : Array.from(words.segment(text), ({ segment }) => segment);
}

/** The words of a text in lower case, without white space and punctuation. */
export function wordsOf(text: string): string[] {
  return Array.from(words.segment(text)).flatMap(({ segment, isWordLike }) =>
    isWordLike ? [segment.toLowerCase()] : [],
  );
}

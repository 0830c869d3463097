import { type Granularity, segments } from '../words/segments.ts';

/**
 * Splits a text into the tokens that a model reads and generates. Words include the space before them and are split
 * after apostrophes (French "j'ai", English "I'm"), so that articles and verbs are separate words. The concatenated
 * tokens are the text.
 */
export function piecesOf(text: string, granularity: Granularity): string[] {
  if (granularity === 'character') return segments(text, 'character');
  const pieces: string[] = [];
  let space = '';
  for (const segment of segments(text, 'word')) {
    if (segment === ' ' && space === '') {
      space = segment;
      continue;
    }
    const [first = '', ...rest] = segment.match(/[^'’]*['’]|[^'’]+/gu) ?? [];
    pieces.push(space + first, ...rest);
    space = '';
  }
  return space === '' ? pieces : [...pieces, space];
}

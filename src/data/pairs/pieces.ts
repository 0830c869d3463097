import { type Granularity, segments } from '../words/segments.ts';

/**
 * Cuts a text into what a model reads and writes one after the other. Words take the space before them along and are
 * cut after apostrophes (French "j'ai", English "I'm"), so that articles and verbs are words of their own; joined, the
 * pieces are the text.
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

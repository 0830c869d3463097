import { tokenizeWords, type Word } from '../data/words/tokenizer.ts';

/** A part of a text that the model reads at once: the whole of a short text, a sentence of a long one. */
export interface Piece {
  /** In the text, UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** With places in the text, not in the piece. */
  readonly words: readonly Word[];
}

/** Words that the model reads at once. It was trained on sentences; hardly any was longer. */
export const LONGEST_PIECE = 64;

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/**
 * Cuts a text into pieces: none where there is no word, one for a short text, else its sentences, the endless ones cut.
 */
export function piecesOf(text: string): Piece[] {
  const words = tokenizeWords(text);
  if (words.length === 0) return [];
  if (words.length <= LONGEST_PIECE) return [{ start: 0, end: text.length, words }];
  const pieces: Piece[] = [];
  let next = 0;
  for (const { segment, index } of sentences.segment(text)) {
    const end = index + segment.length;
    const first = next;
    while (next < words.length && words[next]!.start < end) next++;
    pieces.push(...cut(words.slice(first, next), index, end));
  }
  return pieces;
}

/** The words of a sentence in pieces that are not too long. */
function cut(words: readonly Word[], start: number, end: number): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < words.length; at += LONGEST_PIECE) {
    const part = words.slice(at, at + LONGEST_PIECE);
    const following = words[at + LONGEST_PIECE];
    pieces.push({
      start: at === 0 ? start : part[0]!.start,
      end: following ? following.start : end,
      words: part,
    });
  }
  return pieces;
}

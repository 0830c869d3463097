import { tokenizeWords, type Word } from '../data/words/tokenizer.ts';
import { wordOfEmoji } from './emoji.ts';

/** A part of a text that is one input of the model: a short text as a whole, or a sentence of a long one. */
export interface Piece {
  /** Start and end in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Words with their positions in the text (not in the piece). */
  readonly words: readonly Word[];
}

/** Most words of a piece. Hardly any training sentence was longer. */
export const LONGEST_PIECE = 64;

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/**
 * Splits a text into pieces: none without words, one for a short text, otherwise its sentences; sentences that are too
 * long are split further.
 */
export function piecesOf(text: string): Piece[] {
  const words = readWords(text);
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

/** Links, email addresses and mentions: their letters express no opinion. */
const ADDRESSES =
  /\b(?:https?:\/\/|www\.)\S+|[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+\.\S+|(?<![\p{L}\p{N}])@[\p{L}\p{N}_]+/giu;

/** The words of a text as the model reads them: without links and mentions, and emoji as words. */
export function readWords(text: string): Word[] {
  const masked = text.replaceAll(ADDRESSES, (address) => ' '.repeat(address.length));
  return tokenizeWords(masked).map((word) => ({ ...word, form: wordOfEmoji(word.form) }));
}

/** Splits a sentence into pieces of at most `LONGEST_PIECE` words. */
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

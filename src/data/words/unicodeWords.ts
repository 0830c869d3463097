import { addWord, CLITICS, MARKS, WITHOUT_APOSTROPHE, type Word } from './tokenizer.ts';

/** Choices for the forms of words. */
export interface WordChoices {
  readonly lowerCase: boolean;
  /** Remove accents of Latin and Greek letters, and the stress marks of Cyrillic ones. */
  readonly stripAccents: boolean;
}

/** Range of a token in a text, with its form if that is not the folded range: a full form or a normalized mark. */
interface Part {
  readonly start: number;
  readonly end: number;
  readonly form?: string;
}

/** Scripts without spaces between words, for which `Intl.Segmenter` has dictionaries. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Characters that are one grapheme cluster each in any context of the same kind, and need no dictionary. */
const OTHER_THAN_PLAIN = /[^\0-\u02FF\u0388-\u0482\u048A-\u052F\u2010-\u2027\u2030-\u205E\u20A0-\u20BF]/u;

/** Characters of clusters that the patterns may not cover completely. */
const COMBINING =
  /\u0D4E|[\u{11000}-\u{11FFF}]|[\p{M}\p{Cf}\p{Regional_Indicator}\p{Emoji_Modifier}\u0E33\u0EB3\u1100-\u11FF\uA960-\uA97C\uD7B0-\uD7FF\uFF9E\uFF9F]/u;

/** URLs, email addresses, hashtags and mentions. */
const ADDRESSES = String.raw`(?:https?:\/\/|www\.)[^\s<>"“”]*[^\s<>"“”.,:;!?'’)\]}]|[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+|(?<![\p{L}\p{M}\p{N}&])[#＃](?=[\p{N}_]{0,30}\p{L})[\p{L}\p{M}\p{N}_\u200C\u200D]+|(?<![\p{L}\p{M}\p{N}])[@＠][\p{L}\p{M}\p{N}_]+`;
/** Flags, and emoji with their modifiers, joined by ZWJ. */
const EMOJI = String.raw`\p{Regional_Indicator}{2}|\p{Extended_Pictographic}[\p{M}\p{Emoji_Modifier}\u{E0020}-\u{E007F}]*(?:\u200D\p{Extended_Pictographic}[\p{M}\p{Emoji_Modifier}\u{E0020}-\u{E007F}]*)*`;
/** Format characters but those that belong to the sign after them, such as the sign of an Arabic number. */
const INVISIBLE = String.raw`(?![\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u{110BD}\u{110CD}])\p{Cf}`;
/**
 * Ellipses and dashes, numbers, words with parts attached by apostrophes, separate clitics (as in tokenized text:
 * "it 's"), and any other character with its marks.
 */
const WORDS = String.raw`\.{2,}|-{2,}|\p{Nd}+(?:[.,]\p{Nd}+)+|[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}]|${INVISIBLE})*(?:['’]\p{L}(?:[\p{L}\p{M}]|${INVISIBLE})*)*|['’](?:s|re|ve|ll|d|m)(?![\p{L}\p{M}\p{N}])|''|${'``'}|\S(?:\p{M}|${INVISIBLE})*`;
const PLAIN_PATTERN =
  /\.{2,}|-{2,}|\d+(?:[.,]\d+)+|[\p{L}\p{N}][\p{L}\p{N}\u00AD]*(?:['’]\p{L}[\p{L}\u00AD]*)*|['’](?:s|re|ve|ll|d|m)(?![\p{L}\p{N}])|''|``|\S/giu;
const FULL_PATTERN = new RegExp(`${ADDRESSES}|${EMOJI}|${WORDS}`, 'giu');
/** Text that may contain an address, which the fast pattern does not recognize, or an emoji. */
const SPECIAL = /[#@]|:\/\/|www\.|[©®‼⁉]/i;

const ASCII = /^[\0-\x7F]*$/;
/** Spaces, and the invisible spaces that some texts in Khmer, Thai and Burmese have between words. */
const CHUNK = /[^\s\u200B]+/gu;
const JOINING_HYPHEN = /(?<=[\p{L}\p{M}\p{N}])[-‐‑](?=[\p{L}\p{N}])/u;

/** Characters that are invisible and change no word: soft hyphens, marks of direction, variants of emoji. */
const IGNORED =
  /(?!\u200C|\u200D|[\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u{110BD}\u{110CD}]|[\u{E0020}-\u{E007F}])[\p{Cf}\uFE0E\uFE0F]/gu;
/** Joiners that have no effect: at the end of letters that are not marks, and after letters that are never joined. */
const IDLE_JOINERS =
  /(?<![\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\u200C\u200D])[\u200C\u200D]+(?![\p{L}\p{M}\u200C\u200D])|(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hangul}\p{N}])[\u200C\u200D]+/gu;
const ACCENTS =
  /(?<=[\p{Script=Latin}\p{Script=Greek}][\p{M}\u200C\u200D]*)\p{Mn}|(?<=\p{Script=Cyrillic})[\u0300\u0301]/gu;

/** What is not split at an apostrophe: addresses, an apostrophe with marks, and letters that belong to the sign after them. */
const UNDIVIDED = /^['’][\p{M}\p{Cf}]|[@:/]|(?:\u0D4E|[\u{11000}-\u{11FFF}])['’]/u;

/** Without the rules of a language, so that the result does not depend on the machine. */
const wordSegmenter = new Intl.Segmenter('und', { granularity: 'word' });
const graphemeSegmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * Splits a text in any script into words and punctuation marks for a classifier, both in training and in use. Words of
 * scripts without spaces are found by the dictionaries of Unicode (`Intl.Segmenter`, UAX 29). Vowel signs, tones and
 * other marks stay with their letters; URLs, email addresses, hashtags, mentions and emoji sequences are single tokens.
 * English contractions and hyphens are read as by `tokenizeWords`. Forms are in Unicode normalization form C.
 */
export function unicodeWords(text: string, { lowerCase, stripAccents }: WordChoices): Word[] {
  const words: Word[] = [];
  for (const { start, end, form } of partsOf(text)) {
    const piece = text.slice(start, end);
    if (isJoiningHyphen(text, start, piece)) continue;
    const found = form ?? folded(piece, lowerCase, stripAccents);
    if (found !== '') addWord(words, { form: found, start, end });
  }
  return words;
}

/**
 * Ranges of the words and punctuation marks of a text, in order and without overlap. What is between them is white space
 * or has no visible form.
 */
export function wordRanges(text: string): { start: number; end: number }[] {
  return partsOf(text)
    .filter(({ start, end }) => folded(text.slice(start, end), false, false) !== '')
    .map(({ start, end }) => ({ start, end }));
}

function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  if (OTHER_THAN_PLAIN.test(text)) {
    for (const { 0: chunk, index } of text.matchAll(CHUNK)) {
      if (OTHER_THAN_PLAIN.test(chunk)) addUnusual(parts, chunk, index);
      else addPlain(parts, chunk, index);
    }
  } else {
    addPlain(parts, text, 0);
  }
  return parts;
}

function addPlain(parts: Part[], text: string, offset: number): void {
  for (const { 0: piece, index } of text.matchAll(SPECIAL.test(text) ? FULL_PATTERN : PLAIN_PATTERN))
    addPiece(parts, piece, offset + index);
}

/** Adds the parts of a chunk without white space that contains characters of many scripts or emoji. */
function addUnusual(parts: Part[], chunk: string, offset: number): void {
  const found: Part[] = [];
  for (const { 0: piece, index } of chunk.matchAll(FULL_PATTERN)) {
    if (UNSPACED.test(piece) && !/^[#＃@＠]|[@:]/u.test(piece)) {
      for (const { segment, index: at } of wordSegmenter.segment(piece)) addPiece(found, segment, offset + index + at);
    } else {
      addPiece(found, piece, offset + index);
    }
  }
  parts.push(...(COMBINING.test(chunk) ? alongClusters(found, chunk, offset) : found));
}

/** Joins neighbors that share a grapheme cluster. */
function alongClusters(parts: readonly Part[], chunk: string, offset: number): Part[] {
  const boundaries = new Set(Array.from(graphemeSegmenter.segment(chunk), ({ index }) => offset + index));
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last?.end === part.start && !boundaries.has(part.start))
      joined[joined.length - 1] = { start: last.start, end: part.end };
    else joined.push(part);
  }
  return joined;
}

/** Adds a word or a mark; words with an apostrophe are split into their parts. */
function addPiece(parts: Part[], piece: string, start: number): void {
  const plain = piece.toLowerCase().replaceAll('’', "'");
  const end = start + piece.length;
  const mark =
    MARKS.get(plain) ??
    (plain === "'" ? plain : undefined) ??
    (/^\.{2,}$/.test(plain) ? '...' : /^-{2,}$/.test(plain) ? '--' : undefined);
  const cut = (tail: number, form: string): void => {
    if (piece.length > tail) addPiece(parts, piece.slice(0, -tail), start);
    parts.push({ start: end - tail, end, form });
  };
  if (mark !== undefined) {
    parts.push({ start, end, form: mark });
  } else if (plain === 'cannot' || plain.endsWith("n't")) {
    cut(3, 'not');
  } else if (WITHOUT_APOSTROPHE.test(plain)) {
    cut(2, 'not');
  } else if (plain.length > 1 && plain.includes("'") && !UNDIVIDED.test(piece)) {
    const tail = plain.slice(plain.lastIndexOf("'"));
    const clitic = CLITICS.get(tail);
    if (clitic !== undefined) cut(tail.length, clitic);
    else
      for (const { 0: part, index } of piece.matchAll(/[^'’]+/gu))
        parts.push({ start: start + index, end: start + index + part.length });
  } else {
    parts.push({ start, end });
  }
}

/** Form of a word in the vocabulary; empty if nothing of it is visible. */
function folded(piece: string, lowerCase: boolean, stripAccents: boolean): string {
  if (ASCII.test(piece)) return lowerCase ? piece.toLowerCase() : piece;
  const visible = piece
    .normalize(stripAccents ? 'NFD' : 'NFC')
    .replace(IGNORED, '')
    .replace(IDLE_JOINERS, '');
  const plain = stripAccents ? visible.replace(ACCENTS, '').replace(IDLE_JOINERS, '') : visible;
  if (!/[^\p{M}\p{Cf}]/u.test(plain)) return '';
  const form = (lowerCase ? plain.toLowerCase() : plain).normalize('NFC');
  return MARKS.get(form) ?? form;
}

function isJoiningHyphen(text: string, index: number, piece: string): boolean {
  return /^[-‐‑]$/u.test(piece) && JOINING_HYPHEN.test(text.slice(Math.max(0, index - 2), index + 3));
}

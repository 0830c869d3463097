import { type Granularity, segments } from './segments.ts';

/** Rule by which words with an apostrophe are split; see `wordPieces`. */
export type ApostropheRule = 'contractions' | 'after';

/** English "n't" and the word before it: "don't" is "do" and "n't", as in the Penn Treebank. */
const NEGATION = /^(.+)(n['’]t)$/isu;
/** English clitics and the word before them: "we're" is "we" and "'re". */
const CLITIC = /^(.+)(['’](?:s|re|ve|ll|d|m))$/isu;

/**
 * Splits a text into the tokens that a model reads and generates. The concatenated tokens are the text.
 * @param rule rule for words with an apostrophe
 */
export function piecesOf(text: string, granularity: Granularity, rule: ApostropheRule = 'contractions'): string[] {
  return granularity === 'character' ? segments(text, 'character') : wordPieces(text, rule);
}

/** ASCII without what may join letters or digits on both sides of it (Unicode Standard Annex 29). */
const PLAIN_PART = /^(?!.*(?:_|[A-Za-z0-9][.,:;][A-Za-z0-9]|[0-9]'|'[0-9]))[!-~\t]+$/;
/** Words and marks of such a part. */
const PLAIN_SEGMENT = /[A-Za-z0-9]+(?:'[A-Za-z][A-Za-z0-9]*)*|[^A-Za-z0-9]/g;

/**
 * Pieces of a part of a text without spaces, with a space before it. Most parts do not need the segmenter of Unicode,
 * which takes longer than everything else.
 */
export function piecesOfPart(part: string): string[] {
  if (!PLAIN_PART.test(part)) return wordPieces(` ${part}`, 'contractions');
  const [first = '', ...rest] = (part.match(PLAIN_SEGMENT) ?? []).flatMap(splitWord);
  return [` ${first}`, ...rest];
}

/**
 * Splits a text into words, punctuation marks and white space. A word or mark includes the single space before it.
 * Words are split before English clitics ("I'm", "don't") and after other apostrophes (French "j'ai"), so that articles,
 * pronouns and verbs are separate words. The rule `after` of earlier versions splits all words after apostrophes.
 */
function wordPieces(text: string, rule: ApostropheRule): string[] {
  const pieces: string[] = [];
  let space = '';
  for (const segment of segments(text, 'word')) {
    if (segment === ' ' && space === '') {
      space = segment;
    } else if (/^\s/u.test(segment)) {
      pieces.push(...(space === '' ? [] : [space]), segment);
      space = '';
    } else {
      const [first = '', ...rest] = rule === 'contractions' ? splitWord(segment) : splitAfterApostrophes(segment);
      pieces.push(space + first, ...rest);
      space = '';
    }
  }
  return space === '' ? pieces : [...pieces, space];
}

function splitWord(word: string): string[] {
  if (!/['’]/u.test(word)) return [word];
  const [, before, clitic] = NEGATION.exec(word) ?? CLITIC.exec(word) ?? [];
  return before !== undefined && clitic !== undefined ? [...splitWord(before), clitic] : splitAfterApostrophes(word);
}

function splitAfterApostrophes(word: string): string[] {
  return word.match(/[^'’]*['’]|[^'’]+/gu) ?? [];
}

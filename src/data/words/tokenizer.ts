/** Word or punctuation mark in its vocabulary form, with its range in the text (UTF-16 code units). */
export interface Word {
  readonly form: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Ellipses and dashes, words with parts attached by apostrophes, separate clitics (as in tokenized text: "it 's"), and
 * any other character.
 */
const PIECES =
  /\.{2,}|-{2,}|[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*|['’](?:s|re|ve|ll|d|m)(?![\p{L}\p{N}])|''|``|\p{Extended_Pictographic}\p{M}*|[^\s\p{L}\p{M}\p{N}]/giu;

/** Hyphen between two letters, which is read as a space: "well-made" becomes "well made". */
const JOINING_HYPHEN = /(?<=[\p{L}\p{N}])[-‐‑](?=[\p{L}\p{N}])/u;

/** Full forms of clitics. */
export const CLITICS = new Map([
  ["'s", "'s"],
  ["'re", 'are'],
  ["'ve", 'have'],
  ["'ll", 'will'],
  ["'d", 'would'],
  ["'m", 'am'],
]);

/** Full forms of verbs that are shortened before "n't". */
const STEMS = new Map([
  ['ca', 'can'],
  ['wo', 'will'],
  ['sha', 'shall'],
  ['ai', 'is'],
]);

/** Negated verbs without apostrophe. */
export const WITHOUT_APOSTROPHE = /^(?:do|does|did|is|was|are|were|ca|could|would|should|wo|have|has|had|ai)nt$/;

/** Normalized forms of Penn Treebank brackets, typewriter and typographic quotes, and dashes. */
export const MARKS = new Map([
  ['lrb', '('],
  ['rrb', ')'],
  ['``', '"'],
  ["''", '"'],
  ['“', '"'],
  ['”', '"'],
  ['„', '"'],
  ['«', '"'],
  ['»', '"'],
  ['’', "'"],
  ['‘', "'"],
  ['`', "'"],
  ['-', '--'],
  ['–', '--'],
  ['—', '--'],
  ['…', '...'],
]);

/**
 * Splits a text into words for the bundled classifier, both in training and in use: in lower case, without accents, with separate
 * parts of hyphenated words, and with every "n't" as "not", so that a model learns negation once for all verbs.
 */
export function tokenizeWords(text: string): Word[] {
  const words: Word[] = [];
  for (const { 0: piece, index } of text.matchAll(PIECES)) {
    if (isJoiningHyphen(text, index, piece)) continue;
    for (const word of wordsOf(piece, index)) addWord(words, word);
  }
  return words;
}

/** Adds a word. Joins a dot to preceding dots, even across spaces, and completes "ca" before "n't". */
export function addWord(words: Word[], word: Word): void {
  const last = words.at(-1);
  if (last && isDots(word.form) && isDots(last.form)) {
    words[words.length - 1] = { form: '...', start: last.start, end: word.end };
    return;
  }
  const stem = word.form === 'not' && last ? STEMS.get(last.form.toLowerCase()) : undefined;
  if (last && stem !== undefined) words[words.length - 1] = { ...last, form: inCaseOf(last.form, stem) };
  words.push(word);
}

/** Whether `joinsAcrossSpace` is true for a word after any other. */
export function mayJoin(next: string): boolean {
  return isDots(next) || next === 'not';
}

/** Whether `addWord` changes a word, or the word after it, if white space alone is between them. */
export function joinsAcrossSpace(last: string, next: string): boolean {
  return (isDots(last) && isDots(next)) || (next === 'not' && STEMS.has(last.toLowerCase()));
}

/** A verb in lower case, or with a capital if the word that it completes has one. */
function inCaseOf(word: string, verb: string): string {
  const first = word.slice(0, 1);
  return first === first.toLowerCase() ? verb : `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}`;
}

function wordsOf(piece: string, start: number): Word[] {
  const plain = plainForm(piece);
  // Accents without a letter.
  if (plain === '') return [];
  const end = start + piece.length;
  const mark = MARKS.get(plain) ?? (/^\.{2,}$/.test(plain) ? '...' : /^-{2,}$/.test(plain) ? '--' : undefined);
  if (mark !== undefined) return [{ form: mark, start, end }];
  // Positions count from the end, where accents cannot make the lengths of the piece and its plain form differ.
  const cut = (tail: number, right: string): Word[] => {
    const at = piece.length - tail;
    const left = at > 0 ? wordsOf(piece.slice(0, at), start) : [];
    return [...left, { form: right, start: start + at, end }];
  };
  if (plain === 'cannot') return cut(3, 'not');
  if (WITHOUT_APOSTROPHE.test(plain)) return cut(2, 'not');
  if (plain.endsWith("n't")) return cut(3, 'not');
  const apostrophe = plain.lastIndexOf("'");
  const clitic = apostrophe < 0 ? undefined : CLITICS.get(plain.slice(apostrophe));
  if (clitic !== undefined) return cut(plain.length - apostrophe, clitic);
  if (plain.length === piece.length) return parts(plain, start);
  const form = plain.replaceAll("'", '');
  return form === '' ? [] : [{ form, start, end }];
}

/** Splits a word at apostrophes: "o'brien" becomes "o brien". */
function parts(plain: string, start: number): Word[] {
  if (plain === "'") return [{ form: plain, start, end: start + 1 }];
  return [...plain.matchAll(/[^']+/g)].map(({ 0: form, index }) => ({
    form,
    start: start + index,
    end: start + index + form.length,
  }));
}

function plainForm(piece: string): string {
  return piece.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('’', "'");
}

function isJoiningHyphen(text: string, index: number, piece: string): boolean {
  if (!/^[-‐‑]$/.test(piece)) return false;
  const around = text.slice(Math.max(0, index - 2), index + 3);
  return JOINING_HYPHEN.test(around);
}

function isDots(form: string): boolean {
  return form === '.' || form === '...';
}

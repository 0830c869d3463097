import { phrase, type Text } from '../../phrases/phrase.ts';
import type { TaggedColumns } from './taggedText.ts';
import { parseTag } from './tagScheme.ts';

/** Content of a row, or the reason why it cannot be used. */
type Token = { readonly word: string; readonly tag: string } | { readonly reason: Text } | 'no token';

/** Columns of a file of tagged words. */
export interface ColumnLayout extends TaggedColumns {
  /** Number of columns. */
  readonly width: number;
  readonly hasTabs: boolean;
  /** `numbered`: the first column is the number of the word in its sentence, as in GermEval. */
  readonly kind: 'conllu' | 'numbered' | 'plain';
}

/**
 * CoNLL-U has ten columns: the first is the number of a word, the second the word, the fourth its universal POS tag.
 */
const CONLLU = { width: 10, word: 2, tag: 4 };

/**
 * First column of CoNLL-U rows that are not words: ranges such as `3-4` for "don't" before "do" and "n't", and empty
 * nodes such as `5.1`.
 */
const RANGE_OR_EMPTY_NODE = /^\d+[-.]\d+$/;

/** CoNLL-U comments, such as `# text = ...` or `# newpar`. In other rows that begin with `#`, it may be a word. */
const COMMENT = /^#\s*(?:[^\t ]+ = |newdoc\b|newpar\b)[^\t]*$/;

/** Columns of a row, separated by tabs, or by spaces in a row without tabs. */
export function cellsOf(row: string): string[] {
  return row.includes('\t') ? row.split('\t') : row.trim().split(/ +/);
}

/** Whether a row is the `-DOCSTART-` line of CoNLL-2003. */
export function isDocumentStart(row: string): boolean {
  return /^-DOCSTART-(?:\s|$)/.test(row);
}

/**
 * Whether a row is a comment: one of CoNLL-U, or a row that begins with `#` and has other columns than the words of the
 * file, as the sources of sentences in GermEval.
 */
export function isComment(row: string, { width, hasTabs }: ColumnLayout): boolean {
  if (!row.startsWith('#')) return false;
  return COMMENT.test(row) || cellsOf(row).length !== width || (hasTabs && !row.includes('\t'));
}

/**
 * Columns of a file by its first lines: those of CoNLL-U, those of numbered words, or else the first and the last. Of
 * two columns of entities after a numbered word, the first holds the outer ones.
 * @param selected columns of the word and the tag, if they are known
 */
export function columnLayout(lines: readonly string[], selected?: TaggedColumns): ColumnLayout {
  const rows = lines.filter((line) => line.trim() !== '' && !isDocumentStart(line) && !COMMENT.test(line));
  const words = rows.filter((row) => !row.startsWith('#'));
  const cells = (words.length > 0 ? words : rows).map(cellsOf);
  const width = commonWidth(cells);
  const usual = cells.filter(({ length }) => length === width);
  const hasTabs = words.filter((row) => row.includes('\t')).length > words.length / 2;
  const isConllu = width === CONLLU.width && /^\d/.test(usual[0]?.[0] ?? '');
  const kind = isConllu ? 'conllu' : width > 2 && areNumbered(lines) ? 'numbered' : 'plain';
  const outer = width - 1;
  const tag = kind === 'numbered' && width > 3 && holdsEntities(usual, outer) ? outer : width;
  const found = { conllu: CONLLU, numbered: { word: 2, tag }, plain: { word: 1, tag: width } }[kind];
  const { word, tag: tagColumn } = selected ?? found;
  return { width: Math.max(width, 2), word, tag: tagColumn, hasTabs, kind };
}

/** Most common number of columns; of equally common ones, the first. */
function commonWidth(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 2;
}

/** Whether the first columns of sentences count from 1. */
function areNumbered(lines: readonly string[]): boolean {
  let expected = 1;
  let [counted, right] = [0, 0];
  for (const line of lines) {
    if (line.trim() === '' || isDocumentStart(line)) {
      expected = 1;
    } else if (!line.startsWith('#')) {
      counted++;
      if (cellsOf(line)[0] === String(expected)) right++;
      expected++;
    }
  }
  return counted > 0 && right >= 0.9 * counted;
}

/** Whether every cell of a column is a tag of entities, and some are of an entity. */
export function holdsEntities(rows: readonly (readonly string[])[], column: number): boolean {
  const prefixes = rows.map((cells) => parseTag((cells[column - 1] ?? '').trim())?.prefix);
  return prefixes.every((prefix) => prefix !== undefined) && prefixes.some((prefix) => prefix !== 'O');
}

/** Reads rows of words and tags. */
export class TokenRows {
  readonly #layout: ColumnLayout;

  constructor(layout: ColumnLayout) {
    this.#layout = layout;
  }

  /** @param row row that is neither blank nor a comment */
  read(row: string): Token {
    const cells = cellsOf(row);
    const { width, word, tag, kind } = this.#layout;
    // eslint-disable-next-line lab/translated -- a result, not text
    if (kind === 'conllu' && RANGE_OR_EMPTY_NODE.test(cells[0] ?? '')) return 'no token';
    const needed = Math.max(word, tag, 2);
    if (cells.length < needed) return { reason: phrase('{0} columns where {1} are needed', cells.length, needed) };
    if (cells.length !== width) return { reason: phrase('{0} columns where most rows have {1}', cells.length, width) };
    const found = { word: (cells[word - 1] ?? '').trim(), tag: (cells[tag - 1] ?? '').trim() };
    if (found.word === '') return { reason: phrase('no word before the tag') };
    if (found.tag === '') return { reason: phrase('no tag after the word {0}', JSON.stringify(found.word)) };
    return found;
  }
}

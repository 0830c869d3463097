import { phrase, type Text } from '../../phrases/phrase.ts';

/** Columns of the word and the tag, from 1. */
export interface TaggedColumns {
  readonly word: number;
  readonly tag: number;
}

/** Content of a row, or the reason why it cannot be used. */
type Token = { readonly word: string; readonly tag: string } | { readonly reason: Text } | 'no token';

/**
 * CoNLL-U has ten columns: the first is the number of a word, the second the word, the fourth its universal POS tag.
 */
const CONLLU = { width: 10, word: 2, tag: 4 };

/**
 * First column of CoNLL-U rows that are not words: ranges such as `3-4` for "don't" before "do" and "n't", and empty
 * nodes such as `5.1`.
 */
const RANGE_OR_EMPTY_NODE = /^\d+[-.]\d+$/;

/** CoNLL-U comments, such as `# text = ...` or `# newpar`. In other rows that begin with `#`, it is a word. */
const COMMENT = /^#\s*(?:[^\t ]+ = |newdoc\b|newpar\b)[^\t]*$/;

/**
 * Reads rows with columns separated by tabs, or by spaces in rows without tabs. The first row determines the number of
 * columns.
 */
export class TokenRows {
  readonly #selected: TaggedColumns | undefined;
  #width: number | undefined;

  /** @param selected detected from the first row if omitted: those of CoNLL-U, or else the first and the last */
  constructor(selected?: TaggedColumns) {
    this.#selected = selected;
  }

  /** @param row row that is not blank */
  read(row: string): Token {
    // eslint-disable-next-line lab/translated -- a result, not text
    if (COMMENT.test(row)) return 'no token';
    const cells = row.includes('\t') ? row.split('\t') : row.trim().split(/ +/);
    const isConllu = cells.length === CONLLU.width && /^\d/.test(cells[0] ?? '');
    // eslint-disable-next-line lab/translated -- a result, not text
    if (isConllu && RANGE_OR_EMPTY_NODE.test(cells[0] ?? '')) return 'no token';
    const { word, tag } = this.#selected ?? (isConllu ? CONLLU : { word: 1, tag: cells.length });
    const needed = Math.max(word, tag, 2);
    if (cells.length < needed) return { reason: phrase('{0} columns where {1} are needed', cells.length, needed) };
    this.#width ??= cells.length;
    if (cells.length !== this.#width)
      return { reason: phrase('{0} columns where the first row has {1}', cells.length, this.#width) };
    const found = { word: (cells[word - 1] ?? '').trim(), tag: (cells[tag - 1] ?? '').trim() };
    if (found.word === '') return { reason: phrase('no word before the tag') };
    if (found.tag === '') return { reason: phrase('no tag after the word {0}', JSON.stringify(found.word)) };
    return found;
  }
}

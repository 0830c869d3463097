/** Where a row has its word and its tag, from 1. */
export interface TaggedColumns {
  readonly word: number;
  readonly tag: number;
}

/** What a row says, or why it cannot be used. */
type Token = { readonly word: string; readonly tag: string } | { readonly reason: string } | 'no token';

/** CoNLL-U has ten columns: the first is the number of a word, the second the word, the fourth its part of speech. */
const CONLLU = { width: 10, word: 2, tag: 4 };

/**
 * Rows of CoNLL-U that are no words of their own: `3-4` for "don't" before "do" and "n't", `5.1` for what is left out.
 */
const RANGE_OR_EMPTY_NODE = /^\d+[-.]\d+$/;

/** `# text = ...` or `# newpar`: a remark of CoNLL-U. Any other row that begins with `#` has it for a word. */
const COMMENT = /^#\s*(?:[^\t ]+ = |newdoc\b|newpar\b)[^\t]*$/;

/**
 * Reads rows of columns that tabs separate, or spaces where a row has no tab. The first row tells how many there are.
 */
export class TokenRows {
  readonly #wanted: TaggedColumns | undefined;
  #width: number | undefined;

  /** @param wanted told by the first row where they are left out: those of CoNLL-U, else the first and the last */
  constructor(wanted?: TaggedColumns) {
    this.#wanted = wanted;
  }

  /** @param row not blank */
  read(row: string): Token {
    if (COMMENT.test(row)) return 'no token';
    const cells = row.includes('\t') ? row.split('\t') : row.trim().split(/ +/);
    const isConllu = cells.length === CONLLU.width && /^\d/.test(cells[0] ?? '');
    if (isConllu && RANGE_OR_EMPTY_NODE.test(cells[0] ?? '')) return 'no token';
    const { word, tag } = this.#wanted ?? (isConllu ? CONLLU : { word: 1, tag: cells.length });
    const needed = Math.max(word, tag, 2);
    if (cells.length < needed) return { reason: `${columns(cells.length)} where ${needed} are needed` };
    this.#width ??= cells.length;
    if (cells.length !== this.#width)
      return { reason: `${columns(cells.length)} where the first row has ${this.#width}` };
    const found = { word: (cells[word - 1] ?? '').trim(), tag: (cells[tag - 1] ?? '').trim() };
    if (found.word === '') return { reason: 'no word before the tag' };
    if (found.tag === '') return { reason: `no tag after the word ${JSON.stringify(found.word)}` };
    return found;
  }
}

function columns(count: number): string {
  return count === 1 ? '1 column' : `${count} columns`;
}

import { phrase, type Text } from '../../../phrases/phrase.ts';
import type { RowProblem } from '../../inputError.ts';
import { type Line, readLines } from '../../lines.ts';
import {
  cellsOf,
  columnLayout,
  type ColumnLayout,
  holdsEntities,
  isComment,
  isDocumentStart,
  TokenRows,
} from '../columns.ts';
import {
  COUNTED_ROWS,
  type ReadSentences,
  tagged,
  type TaggedColumns,
  type TaggedFormat,
  type TaggedSentence,
} from '../taggedText.ts';

/** Number of lines at the beginning of a file that determine its columns. */
const LAYOUT_LINES = 2000;
/** Minimum fraction of rows with the same number of columns. */
const MIN_AGREEMENT = 0.9;

/**
 * The format of the CoNLL shared tasks: a word and its tag per line, in columns separated by tabs (or by spaces in lines
 * without tabs), and a blank line after each sentence. Comments and `-DOCSTART-` lines are left out.
 *
 * A sentence with an unusable row is skipped completely, because a gap would create wrong neighbors.
 */
export const columnsFormat: TaggedFormat = {
  documented: {
    ...tagged,
    title: 'columns: CoNLL, CoNLL-U, GermEval',
    example: { 'news.txt': 'Ada NNP B-PER\nleft VBD O\n\nTurin NNP B-LOC\nslept VBD O\n' },
    detected:
      'a word per line in a constant number of columns, and a blank line after each sentence; or an extension such as `.conll`',
    notes:
      'Tabs or spaces. `-DOCSTART-` lines and comments are left out and counted. In numbered columns, the tag is in the last column, or in that of the outer entities',
  },
  detects: ({ text }) => areColumns(text),
  async read(source, { columns: selected, signal }) {
    const reading = new Reading(selected);
    let beginning: Line[] | undefined = [];
    for await (const line of readLines(source, { signal })) {
      if (!beginning) {
        reading.push(line);
      } else if (beginning.push(line) === LAYOUT_LINES) {
        reading.begin(beginning);
        beginning = undefined;
      }
    }
    if (beginning) reading.begin(beginning);
    return reading.end();
  },
};

/**
 * True for groups of lines separated by blank lines, with the same number of columns, at least two, in nearly every
 * line, and no white space in the first. Sentences have several words, or there are tags of entities.
 */
function areColumns(text: string): boolean {
  const groups = text
    .split(/\n[\t ]*\n/)
    .map((group) => group.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#')))
    .map((group) => group.filter((line) => !isDocumentStart(line)))
    .filter((group) => group.length > 0);
  const rows = groups.flat();
  if (groups.length < 2) return false;
  const columns = rows.map(cellsOf);
  const width = columns[0]?.length ?? 0;
  const marked = Array.from({ length: width }, (_, column) => column + 1).some((column) =>
    holdsEntities(columns, column),
  );
  if (rows.length < 2 * groups.length && !marked) return false;
  const agreeing = columns.filter((cells) => cells.length === width && !/\s/.test(cells[0] ?? ''));
  return width >= 2 && agreeing.length >= MIN_AGREEMENT * rows.length;
}

/** Sentences of the lines so far. */
class Reading {
  readonly #selected: TaggedColumns | undefined;
  readonly #sentences: TaggedSentence[] = [];
  readonly #problems: RowProblem[] = [];
  readonly #rows: { line: number; cells: string[] }[] = [];
  readonly #skipped = { documents: 0, comments: 0 };
  #layout: ColumnLayout = { width: 2, word: 1, tag: 2, hasTabs: false, kind: 'plain' };
  #tokens = new TokenRows(this.#layout);
  #open = newSentence();

  constructor(selected: TaggedColumns | undefined) {
    this.#selected = selected;
  }

  begin(lines: readonly Line[]): void {
    this.#layout = columnLayout(
      lines.map(({ text }) => text),
      this.#selected,
    );
    this.#tokens = new TokenRows(this.#layout);
    for (const line of lines) this.push(line);
  }

  push({ number, text }: Line): void {
    if (text.trim() === '') {
      this.#close();
    } else if (isDocumentStart(text)) {
      this.#skipped.documents++;
      this.#close();
    } else if (isComment(text, this.#layout)) {
      this.#skipped.comments++;
    } else {
      this.#add(number, text);
    }
  }

  end(): ReadSentences {
    this.#close();
    const { width, word, tag } = this.#layout;
    return {
      sentences: this.#sentences,
      problems: this.#problems,
      format: formatOf(this.#layout),
      notes: this.#notes(),
      names: [],
      columns: { word, tag },
      rows: this.#rows.length > 0 ? this.#rows : [{ line: 1, cells: Array.from({ length: width }, () => '') }],
    };
  }

  #add(line: number, text: string): void {
    if (this.#rows.length < COUNTED_ROWS) this.#rows.push({ line, cells: cellsOf(text) });
    const token = this.#tokens.read(text);
    if (token === 'no token') return;
    if ('reason' in token) {
      this.#problems.push({ line, reason: phrase('{0}; its sentence is skipped', token.reason) });
      this.#open.isBroken = true;
      return;
    }
    if (this.#open.words.length === 0) this.#open.line = line;
    this.#open.words.push(token.word);
    this.#open.tags.push(token.tag);
  }

  #close(): void {
    const { line, words, tags, isBroken } = this.#open;
    if (words.length > 0 && !isBroken) this.#sentences.push({ line, words, tags });
    if (words.length > 0 || isBroken) this.#open = newSentence();
  }

  #notes(): Text[] {
    const { documents, comments } = this.#skipped;
    return [
      ...(documents > 0
        ? [
            phrase(
              '{0} -DOCSTART- lines mark the start of a document. They are no sentences and were left out.',
              documents,
            ),
          ]
        : []),
      ...(comments > 0 && this.#layout.kind !== 'conllu' ? [phrase('{0} comment lines were left out.', comments)] : []),
    ];
  }
}

function formatOf({ kind, word, tag }: ColumnLayout): Text {
  const formats: Readonly<Record<ColumnLayout['kind'], Text>> = {
    conllu: phrase('CoNLL-U: one word per line, a blank line after each sentence'),
    numbered: phrase(
      'a numbered word and its tags per line (word in column {0}, tag in column {1}), a blank line after each sentence',
      word,
      tag,
    ),
    plain: phrase('a word and its tag per line, a blank line after each sentence'),
  };
  return formats[kind];
}

function newSentence(): { line: number; words: string[]; tags: string[]; isBroken: boolean } {
  return { line: 0, words: [], tags: [], isBroken: false };
}

import { InputError, type RowProblem } from '../inputError.ts';
import { readLines } from '../lines.ts';
import type { TextSource } from '../../config/textSource.ts';
import { type ReadOptions, sourceName } from '../textReader.ts';
import { type TaggedColumns, TokenRows } from './columns.ts';

/** A sentence whose every word has a tag. */
export interface TaggedSentence {
  /** Line of its first word, from 1. */
  readonly line: number;
  readonly words: readonly string[];
  readonly tags: readonly string[];
}

/** Every sentence of the file is in `sentences` or has a row that is named in `problems`. */
export interface TaggedText {
  readonly sentences: readonly TaggedSentence[];
  /** All tags, sorted. */
  readonly tags: readonly string[];
  readonly problems: readonly RowProblem[];
}

export interface TaggedOptions extends ReadOptions {
  /** Told by the first row where they are left out: those of CoNLL-U, else the first and the last. */
  readonly columns?: TaggedColumns | undefined;
}

/**
 * Reads sentences in the way of the CoNLL shared tasks: a word and its tag a line, in columns that tabs separate (or
 * spaces, where a line has no tab), and a blank line after each sentence. CoNLL-U is read as well.
 *
 * A sentence with a row that cannot be used is left out as a whole: a gap would teach a neighborhood that is in no
 * language.
 * @throws InputError for a file that cannot be read, or has no sentence that can be used
 */
export async function readTagged(source: TextSource, { columns, signal }: TaggedOptions = {}): Promise<TaggedText> {
  const sentences: TaggedSentence[] = [];
  const problems: RowProblem[] = [];
  const rows = new TokenRows(columns);
  let open = newSentence();
  const close = (): void => {
    if (open.words.length > 0 && !open.isBroken)
      sentences.push({ line: open.line, words: open.words, tags: open.tags });
    open = newSentence();
  };
  for await (const { number, text } of readLines(source, { signal })) {
    const token = text.trim() === '' ? 'end' : rows.read(text);
    if (token === 'end') close();
    else if (token === 'no token') continue;
    else if ('reason' in token) {
      problems.push({ line: number, reason: `${token.reason}; its sentence is left out` });
      open.isBroken = true;
    } else {
      if (open.words.length === 0) open.line = number;
      open.words.push(token.word);
      open.tags.push(token.tag);
    }
  }
  close();
  if (sentences.length > 0)
    return { sentences, tags: [...new Set(sentences.flatMap(({ tags }) => tags))].sort(), problems };
  const [problem] = problems;
  const why = problem ? `; line ${problem.line}: ${problem.reason}` : '';
  throw new InputError(
    'empty',
    `"${sourceName(source)}" has no tagged sentence${why}. Choose a file with a word, a tab and a tag a line, and a blank line after each sentence.`,
  );
}

function newSentence(): { line: number; words: string[]; tags: string[]; isBroken: boolean } {
  return { line: 0, words: [], tags: [], isBroken: false };
}

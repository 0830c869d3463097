import { InputError, type RowProblem } from '../inputError.ts';
import { readLines } from '../lines.ts';
import type { TextSource } from '../../config/textSource.ts';
import { type ReadOptions, sourceName } from '../textReader.ts';
import { type TaggedColumns, TokenRows } from './columns.ts';
import { phrase } from '../../phrases/phrase.ts';

/** Sentence with a tag for each word. */
export interface TaggedSentence {
  /** Line of the first word, from 1. */
  readonly line: number;
  readonly words: readonly string[];
  readonly tags: readonly string[];
}

/** Tagged sentences. Every sentence of the file is in `sentences` or has a row in `problems`. */
export interface TaggedText {
  readonly sentences: readonly TaggedSentence[];
  /** Sorted tags. */
  readonly tags: readonly string[];
  readonly problems: readonly RowProblem[];
}

export interface TaggedOptions extends ReadOptions {
  /** Columns; detected from the first row if omitted: those of CoNLL-U, or else the first and the last. */
  readonly columns?: TaggedColumns | undefined;
}

/**
 * Reads sentences in the format of the CoNLL shared tasks: a word and its tag per line, in columns separated by tabs
 * (or by spaces in lines without tabs), and a blank line after each sentence. CoNLL-U is supported as well.
 *
 * A sentence with an unusable row is skipped completely, because a gap would create wrong neighbors.
 * @throws InputError for a file that cannot be read or has no usable sentence
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
      problems.push({ line: number, reason: phrase('{0}; its sentence is skipped', token.reason) });
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
  const reason = problem ? phrase('; line {0}: {1}', problem.line, problem.reason) : '';
  throw new InputError(
    'empty',
    phrase(
      '"{0}" has no tagged sentence{1}. Choose a file with a word, a tab and a tag per line, and a blank line after each sentence.',
      sourceName(source),
      reason,
    ),
  );
}

function newSentence(): { line: number; words: string[]; tags: string[]; isBroken: boolean } {
  return { line: 0, words: [], tags: [], isBroken: false };
}

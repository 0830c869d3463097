import type { TextSource } from '../../config/textSource.ts';
import type { Text } from '../../phrases/phrase.ts';
import type { Documented } from '../dataFormat.ts';
import type { RowProblem } from '../inputError.ts';
import type { ReadOptions } from '../textReader.ts';

/** Sentence with a tag for each word. */
export interface TaggedSentence {
  /** Line of the first word, from 1. */
  readonly line: number;
  readonly words: readonly string[];
  readonly tags: readonly string[];
}

/** Columns of the word and the tag, from 1. */
export interface TaggedColumns {
  readonly word: number;
  readonly tag: number;
}

export interface TaggedOptions extends ReadOptions {
  /** Columns; detected if omitted. Formats without columns have the word in the first and the tag in the second. */
  readonly columns?: TaggedColumns | undefined;
}

/** What a format reads: every sentence is in `sentences` or has a row in `problems`. */
export interface ReadSentences {
  readonly sentences: readonly TaggedSentence[];
  readonly problems: readonly RowProblem[];
  /** Description of the format, such as "a word and its tag per line". */
  readonly format: Text;
  /** Lines that are no words, such as comments: how many there were, and why they were left out. */
  readonly notes: readonly Text[];
  /** Names of the columns; empty if they have numbers only. */
  readonly names: readonly string[];
  /** The columns that were read. */
  readonly columns: TaggedColumns;
  /** First rows with all of their columns, for display. */
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/** Name and beginning of a file. */
export interface TaggedHead {
  readonly name: string;
  readonly text: string;
}

/** Format of tagged text. */
export interface TaggedFormat extends Documented {
  /** Whether the beginning of a file is in this format. */
  detects(head: TaggedHead): boolean;
  /** @throws InputError for a file that cannot be read */
  read(source: TextSource, options: TaggedOptions): Promise<ReadSentences>;
}

/** Kind and tasks of all formats of tagged text. */
export const tagged = { kind: 'tagged', tasks: ['tagging'] } as const;

/** Maximum number of rows of a file that describe its columns. */
export const COUNTED_ROWS = 20_000;

/** Rows of words and tags, for formats whose files have no columns. */
export function rowsOf(sentences: readonly TaggedSentence[]): ReadSentences['rows'] {
  const rows: { line: number; cells: string[] }[] = [];
  for (const { line, words, tags } of sentences) {
    words.forEach((word, at) => rows.push({ line, cells: [word, tags[at] ?? ''] }));
    if (rows.length >= COUNTED_ROWS) break;
  }
  return rows;
}

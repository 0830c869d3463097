import type { RunConfig } from '../../config/schema.ts';
import { tokensOf } from '../../config/tasks.ts';
import type { RowAtCursor } from '../../protocol/inspection.ts';
import type { RemoteInspector } from '../../protocol/inspector.ts';
import type { FollowedText } from './followed.ts';
import type { RowReader } from './rowReader.ts';
import { sourceOffsets, type SliceableText, type TextWindow, windowAround, windowOf } from './textWindow.ts';

/** Average number of characters per word, including the space after it. */
const CHARACTERS_PER_WORD = 6;

/** Largest fraction of unknown tokens in a text that a model can read. */
const MAX_UNKNOWN_SHARE = 0.2;

/** Row of a table, for messages. */
interface RowName {
  readonly line: number;
  /** Column of the text; null if the whole row is read. */
  readonly column: string | null;
}

/**
 * Part of the open text that a model reads: around the cursor, or from the table row at the cursor.
 */
export interface Passage extends Pick<TextWindow, 'text' | 'from'> {
  readonly row: RowName | null;
  /** Converts ascending offsets in `text` to offsets in the document. */
  sourceOffsets(offsets: readonly number[]): number[];
}

export interface PassageOptions {
  readonly config: Pick<RunConfig, 'task'>;
  readonly inspector: RemoteInspector;
  readonly rows: RowReader;
  /** Approximate number of tokens; fewer at the ends of the text. */
  readonly tokens: number;
}

/**
 * Part of the open text that a model reads. In a table, a language model reads the row at the cursor as raw text, as in
 * training, and every other model reads the cell of its text column.
 * @throws Error if the row cannot be read
 */
export async function passageAt(
  text: FollowedText,
  { config, inspector, rows, tokens }: PassageOptions,
): Promise<Passage> {
  const characters = tokensOf(config.task) !== 'character' ? CHARACTERS_PER_WORD * tokens : tokens;
  const { source, cursor } = text;
  if (!rows.reads(text.name)) return ofWindow(windowAround(source, cursor, characters), null);
  const column = config.task.name === 'classification' ? config.task.textColumn : '';
  const row = await rows.at(text, column, inspector);
  if (config.task.name === 'language-model')
    return ofWindow(windowWithin(source, row, cursor, characters), { line: row.line, column: null });
  return ofCell(row, cursor, characters);
}

function ofWindow(window: TextWindow, row: RowName | null): Passage {
  return { text: window.text, from: window.from, row, sourceOffsets: (offsets) => sourceOffsets(window, offsets) };
}

/** Window around a cursor within one row. The text before the row warms up the state, as in training. */
function windowWithin(
  source: SliceableText,
  { start, end }: RowAtCursor,
  cursor: number,
  characters: number,
): TextWindow {
  const from = Math.max(start, Math.min(cursor - Math.floor(characters / 2), end - characters));
  return windowOf(source, from, Math.min(end, from + characters));
}

/** Cell of a row, read from its beginning as in training. The view shows the part of a long cell around the cursor. */
function ofCell({ line, column, text, places }: RowAtCursor, cursor: number, characters: number): Passage {
  const before = places.findLastIndex((place) => place <= cursor);
  const start = Math.max(0, Math.min(before - Math.floor(characters / 2), text.length - characters));
  return {
    text: text.slice(0, start + characters),
    from: start,
    row: { line, column },
    sourceOffsets: (offsets) => offsets.map((offset) => places[offset] ?? (places.at(-1) ?? 0) + 1),
  };
}

/** True if a text has too many tokens that the model does not know. */
export function isUnfit(unknown: number, tokens: number): boolean {
  return unknown > MAX_UNKNOWN_SHARE * tokens;
}

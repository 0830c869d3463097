import type { RunConfig } from '../../config/schema.ts';
import type { RowAtCursor } from '../../protocol/inspection.ts';
import type { RemoteInspector } from '../../protocol/inspector.ts';
import type { FollowedText } from './followed.ts';
import type { RowReader } from './rowReader.ts';
import { sourceOffsets, type SliceableText, type TextWindow, windowAround, windowOf } from './textWindow.ts';

/** Letters and spaces of a word and the space behind it, about. */
const LETTERS_A_WORD = 6;

/** A row of a table, for words about it. */
interface RowName {
  readonly line: number;
  /** Null where the row is read as it stands. */
  readonly column: string | null;
}

/**
 * What a model reads of the text that is open: the part around the cursor, or of the row of a table in which the cursor
 * stands.
 */
export interface Passage extends Pick<TextWindow, 'text' | 'from'> {
  readonly row: RowName | null;
  /** Where offsets of `text`, in rising order, lie in the document. */
  sourceOffsets(offsets: readonly number[]): number[];
}

/** What a token is to the task of a run. */
export function tokenKind({ task }: Pick<RunConfig, 'task'>): 'character' | 'word' {
  if (task.name === 'tagging') return 'word';
  return task.name === 'classification' ? task.tokens : 'character';
}

export interface PassageOptions {
  readonly config: Pick<RunConfig, 'task'>;
  readonly inspector: RemoteInspector;
  readonly rows: RowReader;
  /** About so many tokens, fewer where there are no more. */
  readonly tokens: number;
}

/**
 * Of a table the row at the cursor: a language model reads it as it stands, as it was trained to, and every other model
 * the cell of its column of texts.
 * @throws what stands in the way of reading the row
 */
export async function passageAt(
  text: FollowedText,
  { config, inspector, rows, tokens }: PassageOptions,
): Promise<Passage> {
  const characters = tokenKind(config) === 'word' ? LETTERS_A_WORD * tokens : tokens;
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

/** Around a cursor, but no more than a row; what stands before it warms the state up, as it did in training. */
function windowWithin(
  source: SliceableText,
  { start, end }: RowAtCursor,
  cursor: number,
  characters: number,
): TextWindow {
  const from = Math.max(start, Math.min(cursor - Math.floor(characters / 2), end - characters));
  return windowOf(source, from, Math.min(end, from + characters));
}

/** A cell is read from its beginning, as in training; what is shown of a long one lies around the cursor. */
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

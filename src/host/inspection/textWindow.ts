/** Text that can be read in parts; offsets are UTF-16 code units. */
export interface SliceableText {
  readonly length: number;
  /** True if lines end with CR LF; models read LF only. */
  readonly crlf: boolean;
  slice(start: number, end: number): string;
}

/** Part of a text as a model reads it. */
export interface TextWindow {
  /** Text with LF line ends. */
  readonly text: string;
  /** Start of the requested part in `text`; the text before it warms up the model's state. */
  readonly from: number;
  /** Start of `text` in the source. */
  readonly start: number;
  readonly crlf: boolean;
}

/** Warm-up before the visible text, in characters: long enough that the initial state does not matter. */
export const WARM_UP = 1000;

/** Maximum length of a prompt in characters; the state of a model hardly depends on earlier text. */
const PROMPT_CHARACTERS = 500;

/**
 * Part of a text from `start` to `end` with the warm-up before it. Surrogate pairs and line ends are not split.
 */
export function windowOf(source: SliceableText, start: number, end: number): TextWindow {
  const from = characterStart(source, start);
  const first = characterStart(source, Math.max(0, from - WARM_UP));
  const before = lineFeeds(source.slice(first, from), source.crlf);
  const shown = lineFeeds(source.slice(from, characterStart(source, end)), source.crlf);
  return { text: before + shown, from: before.length, start: first, crlf: source.crlf };
}

/** Window of `characters` characters around a cursor: half before and half after it, shifted at the ends of the text. */
export function windowAround(source: SliceableText, cursor: number, characters: number): TextWindow {
  const half = Math.floor(characters / 2);
  const start = Math.max(0, Math.min(cursor - half, source.length - characters));
  return windowOf(source, start, Math.min(source.length, start + characters));
}

/** Converts ascending offsets in a window's text to offsets in the source. */
export function sourceOffsets({ text, start, crlf }: TextWindow, offsets: readonly number[]): number[] {
  if (!crlf) return offsets.map((offset) => start + offset);
  let lineEnds = 0;
  let counted = 0;
  return offsets.map((offset) => {
    for (; counted < offset; counted++) if (text[counted] === '\n') lineEnds++;
    return start + offset + lineEnds;
  });
}

function lineFeeds(text: string, crlf: boolean): string {
  return crlf ? text.replaceAll('\r\n', '\n') : text;
}

/** Moves an offset back by one if it splits a surrogate pair or a line end, and clamps it to the text. */
function characterStart(source: SliceableText, offset: number): number {
  if (offset <= 0 || offset >= source.length) return Math.min(Math.max(offset, 0), source.length);
  const around = source.slice(offset - 1, offset + 1);
  return /^(?:[\ud800-\udbff][\udc00-\udfff]|\r\n)$/.test(around) ? offset - 1 : offset;
}

/**
 * Prompt for a continuation: the last characters (code points) before the cursor, with normalized line ends.
 */
export function promptBefore(text: string): string {
  // A code point has at most two units, so truncating before counting loses nothing.
  const end = text.replaceAll('\r\n', '\n').slice(-2 * PROMPT_CHARACTERS);
  return [...end].slice(-PROMPT_CHARACTERS).join('');
}

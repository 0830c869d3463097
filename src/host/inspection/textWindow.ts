/** A text that can be read in parts; offsets are UTF-16 code units. */
export interface SliceableText {
  readonly length: number;
  /** Whether lines end with a carriage return and a line feed; models read line feeds alone. */
  readonly crlf: boolean;
  slice(start: number, end: number): string;
}

/** A part of a text as a model reads it. */
export interface TextWindow {
  /** With line feeds as line ends. */
  readonly text: string;
  /** Where in `text` the part of interest begins; what stands before warms the model's state up. */
  readonly from: number;
  /** Where `text` begins in the source. */
  readonly start: number;
  readonly crlf: boolean;
}

/** Characters that a model reads before those that are shown: enough for its state to have forgotten where it began. */
export const WARM_UP = 1000;

/**
 * The part from `start` to `end` of a text, and the warm-up before it. Characters of two code units and line ends stay
 * whole.
 */
export function windowOf(source: SliceableText, start: number, end: number): TextWindow {
  const from = whole(source, start);
  const first = whole(source, Math.max(0, from - WARM_UP));
  const before = lineFeeds(source.slice(first, from), source.crlf);
  const shown = lineFeeds(source.slice(from, whole(source, end)), source.crlf);
  return { text: before + shown, from: before.length, start: first, crlf: source.crlf };
}

/** Around a cursor, so many characters in all: half of them before it where there are as many, and after it. */
export function windowAround(source: SliceableText, cursor: number, characters: number): TextWindow {
  const half = Math.floor(characters / 2);
  const start = Math.max(0, Math.min(cursor - half, source.length - characters));
  return windowOf(source, start, Math.min(source.length, start + characters));
}

/** Where offsets of a window's text, in rising order, lie in the source. */
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

/** The offset itself, or the one before where it would cut a character or a line end in two. */
function whole(source: SliceableText, offset: number): number {
  if (offset <= 0 || offset >= source.length) return Math.min(Math.max(offset, 0), source.length);
  const around = source.slice(offset - 1, offset + 1);
  return /^(?:[\ud800-\udbff][\udc00-\udfff]|\r\n)$/.test(around) ? offset - 1 : offset;
}

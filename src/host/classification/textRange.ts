/** A part of a document, offsets in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A change of a document, as VS Code tells it. */
export interface TextChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/** A range without the white space at its ends; undefined where nothing else is in it. */
export function trimmed({ start, end }: TextRange, text: string): TextRange | undefined {
  const inner = text.trim();
  const first = start + text.length - text.trimStart().length;
  return inner === '' || end <= start ? undefined : { start: first, end: first + inner.length };
}

export function overlap(a: TextRange, b: TextRange): boolean {
  return a.start < b.end && b.start < a.end;
}

/**
 * How far a range lies from its place after a change; undefined where the change touches it, be it at its ends, because
 * what is typed there may belong to the last word.
 */
export function shiftOf({ start, end }: TextRange, { rangeOffset, rangeLength, text }: TextChange): number | undefined {
  if (rangeOffset > end) return 0;
  return rangeOffset + rangeLength < start ? text.length - rangeLength : undefined;
}

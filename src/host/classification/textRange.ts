/** Range of a document, as offsets in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Change of a document, as reported by VS Code. */
export interface TextChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/** Range without the white space at its ends; undefined if it contains only white space. */
export function trimmed({ start, end }: TextRange, text: string): TextRange | undefined {
  const inner = text.trim();
  const first = start + text.length - text.trimStart().length;
  return inner === '' || end <= start ? undefined : { start: first, end: first + inner.length };
}

export function overlap(a: TextRange, b: TextRange): boolean {
  return a.start < b.end && b.start < a.end;
}

/**
 * Distance that a range moves by a change. Undefined if the change touches the range, including its ends: typed text
 * there may belong to the last word.
 */
export function shiftOf({ start, end }: TextRange, { rangeOffset, rangeLength, text }: TextChange): number | undefined {
  if (rangeOffset > end) return 0;
  return rangeOffset + rangeLength < start ? text.length - rangeLength : undefined;
}

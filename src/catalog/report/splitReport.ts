/** Language of the fenced blocks that a report draws. */
export const BLOCK_LANGUAGE = 'sequence-lab';

/** A line of a document with its number, from 1. */
export interface SourceLine {
  readonly line: number;
  readonly text: string;
}

/** A part of a document: Markdown, or a block to draw without its fences. */
export type SourcePart =
  | { readonly kind: 'markdown'; readonly lines: readonly SourceLine[] }
  | {
      readonly kind: 'block';
      /** The line that opens the block. */
      readonly opening: SourceLine;
      readonly lines: readonly SourceLine[];
      readonly isClosed: boolean;
    };

const FENCE = /^ {0,3}(`{3,}|~{3,})([^\n]*)$/;

/** An opening line of fenced code. */
export interface Fence {
  readonly marks: string;
  /** First word after the marks; empty without one. */
  readonly language: string;
}

/** Reads a line that opens fenced code, as CommonMark does; undefined for another line. */
export function openingFence(line: string): Fence | undefined {
  const [, marks, info = ''] = FENCE.exec(line) ?? [];
  if (marks === undefined || (marks.startsWith('`') && info.includes('`'))) return undefined;
  return { marks, language: info.trim().split(/\s/, 1)[0] ?? '' };
}

/** Whether a line closes the code that a fence opened. */
function closesFence(line: string, { marks }: Fence): boolean {
  const [, closing = '', info = ''] = FENCE.exec(line) ?? [];
  return closing.startsWith(marks) && info.trim() === '';
}

/** Index of the line that closes fenced code; the number of lines if none does. */
export function fenceEnd(lines: readonly string[], opening: number, fence: Fence): number {
  const end = lines.findIndex((line, i) => i > opening && closesFence(line, fence));
  return end < 0 ? lines.length : end;
}

/** Splits a document at the blocks that it draws. Fenced code of other languages is Markdown, whatever is in it. */
export function splitReport(text: string): SourcePart[] {
  const lines = text.split(/\r\n|\r|\n/);
  const parts: SourcePart[] = [];
  let markdown: SourceLine[] = [];
  const numbered = (from: number, to: number): SourceLine[] =>
    lines.slice(from, to).map((each, i) => ({ line: from + i + 1, text: each }));
  for (let at = 0; at < lines.length; at++) {
    const fence = openingFence(lines[at] ?? '');
    const end = fence ? fenceEnd(lines, at, fence) : at;
    if (fence?.language !== BLOCK_LANGUAGE) {
      markdown.push(...numbered(at, end + 1));
    } else {
      if (markdown.length > 0) parts.push({ kind: 'markdown', lines: markdown });
      markdown = [];
      const [opening = { line: at + 1, text: '' }] = numbered(at, at + 1);
      parts.push({ kind: 'block', opening, lines: numbered(at + 1, end), isClosed: end < lines.length });
    }
    at = end;
  }
  if (markdown.length > 0) parts.push({ kind: 'markdown', lines: markdown });
  return parts;
}

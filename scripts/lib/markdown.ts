/** The comments around a generated part of a document. */
export interface Markers {
  readonly start: string;
  readonly end: string;
}

/**
 * Replaces the text between markers.
 * @throws Error if the document does not contain both, in this order
 */
export function withGenerated(document: string, { start, end }: Markers, content: string): string {
  const from = document.indexOf(start);
  const to = document.indexOf(end, from + start.length);
  if (from < 0 || to < 0) throw new Error(`The document does not contain the markers "${start}" and "${end}".`);
  return `${document.slice(0, from)}${start}\n\n${content}\n\n${document.slice(to)}`;
}

/** A Markdown table of texts, in which a `|` remains a character. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

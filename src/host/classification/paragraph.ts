/** Lines of a text, numbered from 0. */
export interface Lines {
  readonly count: number;
  readonly at: (line: number) => string;
}

/** Maximum number of lines of a paragraph; more lines without a blank one are not treated as a paragraph. */
const MAX_LINES = 200;

/**
 * Paragraph of a line: the lines around it up to the nearest blank lines.
 * @returns undefined for a blank line, and if the paragraph has too many lines
 */
export function paragraphAt(
  { count, at }: Lines,
  line: number,
): { readonly first: number; readonly last: number } | undefined {
  const isBlank = (index: number) => index < 0 || index >= count || at(index).trim() === '';
  if (isBlank(line)) return undefined;
  let first = line;
  let last = line;
  while (!isBlank(first - 1) && last - first < MAX_LINES) first--;
  while (!isBlank(last + 1) && last - first < MAX_LINES) last++;
  return last - first < MAX_LINES ? { first, last } : undefined;
}

/** Lines of a text, from 0. */
export interface Lines {
  readonly count: number;
  readonly at: (line: number) => string;
}

/** A text of more lines without a blank one is no paragraph that anybody means. */
const MOST_LINES = 200;

/**
 * The paragraph that a line belongs to: the lines around it as far as the next blank ones.
 * @returns undefined for a blank line, and where no end of it is near
 */
export function paragraphAt(
  { count, at }: Lines,
  line: number,
): { readonly first: number; readonly last: number } | undefined {
  const isBlank = (index: number) => index < 0 || index >= count || at(index).trim() === '';
  if (isBlank(line)) return undefined;
  let first = line;
  let last = line;
  while (!isBlank(first - 1) && last - first < MOST_LINES) first--;
  while (!isBlank(last + 1) && last - first < MOST_LINES) last++;
  return last - first < MOST_LINES ? { first, last } : undefined;
}

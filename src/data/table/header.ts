/** Common names of text columns. */
export const TEXT_COLUMN =
  /^(?:text|sentence|review|comment|content|message|phrase|tweet|body|title|input|document|headline|summary)s?$/i;
/** Common names of label columns. */
export const LABEL_COLUMN =
  /^(?:label|class|category|sentiment|polarity|target|rating|stars|score|tag|emotion|language|intent|topic|y)s?$/i;

const LONGEST_NAME = 40;

/**
 * True if a table's first row names its columns: all cells are short, distinct, not sentences or numbers and not
 * repeated in the second row, and at least one is a common name of text or label columns. In doubt, a row is data: a
 * header mistaken for data is noticed immediately, but data mistaken for a header would be lost silently.
 */
export function looksLikeHeader(first: readonly string[], second: readonly string[] = []): boolean {
  const names = first.map((cell) => cell.trim());
  const isName = (name: string, index: number) =>
    name.length <= LONGEST_NAME && !/[.!?]$/.test(name) && !isNumber(name) && name !== second[index]?.trim();
  const areNames = names.every(isName) && new Set(names).size === names.length;
  return areNames && names.some((name) => TEXT_COLUMN.test(name) || LABEL_COLUMN.test(name));
}

function isNumber(cell: string): boolean {
  return cell !== '' && Number.isFinite(Number(cell));
}

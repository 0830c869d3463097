/** What columns of texts are called. */
export const TEXT_COLUMN =
  /^(?:text|sentence|review|comment|content|message|phrase|tweet|body|title|input|document|headline|summary)s?$/i;
/** What columns of classes are called. */
export const LABEL_COLUMN =
  /^(?:label|class|category|sentiment|polarity|target|rating|stars|score|tag|emotion|language|intent|topic|y)s?$/i;

const LONGEST_NAME = 40;

/**
 * Whether a table's first row names its columns: every cell is short and no sentence or number, no two are the same,
 * none stands below itself, and one at least is what columns of texts or classes are called. When in doubt a row is
 * data: a header taken for data is seen at once, data taken for a header is missing in silence.
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

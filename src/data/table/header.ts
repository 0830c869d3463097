import { MISSING_WORDS, missingTest, type NumberFormat } from './dialect.ts';
import { parseQuantity } from './numbers.ts';
import { isTime } from './times.ts';

/** Common names of text columns. */
export const TEXT_COLUMN =
  /^(?:(?:.*_)?text|sentence|review|comment|content|message|phrase|tweet|body|title|input|document|headline|summary|question)s?$/i;
/** Common names of label columns. */
export const LABEL_COLUMN =
  /^(?:label|class|category|sentiment|polarity|target|rating|stars|score|tag|emotion|language|intent|topic|y)s?$/i;

const LONGEST_NAME = 60;
/** Rows below the first one that say what a column contains. */
const SAMPLED = 200;
/** Fraction of filled cells that have to be values for a name above them to be one. */
const VALUES = 0.75;
/** Rows from which the values of a category say that the first row is none of them. */
const MIN_ROWS = 10;
/** Occurrences of each category, and length of a name in comparison with the texts below it. */
const PER_CATEGORY = 3;
const SHORTER = 0.5;

/**
 * True if a table's first row names its columns: all cells are short, distinct, not sentences, numbers or times, and
 * not repeated in the second row, and there is evidence: a common name of text or label columns, a name above numbers
 * or times, or a name above categories that is none of them. In doubt, a row is data: a header mistaken for data is
 * noticed immediately, but data mistaken for a header would be lost silently.
 */
export function looksLikeHeader(rows: readonly (readonly string[])[], format: NumberFormat): boolean {
  const [first = [], second = []] = rows;
  const names = first.map((cell) => cell.trim());
  const filled = names.filter((name) => name !== '');
  const isName = (name: string, index: number) =>
    name.length <= LONGEST_NAME &&
    !/[.!?]$/.test(name) &&
    !isValue(name, format) &&
    (name === '' || name !== second[index]?.trim());
  if (filled.length === 0 || new Set(filled).size !== filled.length || !names.every(isName)) return false;
  if (names.some((name) => TEXT_COLUMN.test(name) || LABEL_COLUMN.test(name))) return true;
  const below = rows.slice(1, SAMPLED + 1);
  return (
    names.some((name, column) => name !== '' && isAboveValues(name, column, below, format)) ||
    areAboveClasses(names, below)
  );
}

const isMissing = missingTest({ missing: MISSING_WORDS });

function isValue(cell: string, format: NumberFormat): boolean {
  return cell !== '' && (parseQuantity(cell, format) !== undefined || isTime(cell));
}

function isAboveValues(
  name: string,
  column: number,
  below: readonly (readonly string[])[],
  format: NumberFormat,
): boolean {
  // A row of units does not hide the values below it.
  const cells = below.map((row) => (row[column] ?? '').trim()).filter((cell) => !isMissing(cell));
  const values = cells.filter((cell) => isValue(cell, format)).length;
  const others = cells.length - values;
  return (
    !isMissing(name) && values > 0 && (values >= VALUES * cells.length || (others === 1 && !isValue(cells[0]!, format)))
  );
}

/** True if a column has few values that repeat, without the name above them, and the names of texts are short. */
function areAboveClasses(names: readonly string[], below: readonly (readonly string[])[]): boolean {
  if (below.length < MIN_ROWS || names.length < 2) return false;
  const columns = names.map((name, column) => {
    const cells = below.map((row) => (row[column] ?? '').trim());
    const distinct = new Set(cells);
    const isCategory = distinct.size > 1 && PER_CATEGORY * distinct.size <= cells.length && !distinct.has(name);
    const mean = cells.reduce((sum, { length }) => sum + length, 0) / cells.length;
    return { isCategory, isShort: name.length <= SHORTER * mean, isOwn: !distinct.has(name) };
  });
  return (
    columns.every(({ isOwn }) => isOwn) &&
    columns.some(({ isCategory }) => isCategory) &&
    columns.some(({ isShort }) => isShort)
  );
}

const LONGEST_UNIT = 12;

/** True if a row below the header has units: short texts or dashes above numbers, and no number or time. */
export function looksLikeUnits(
  units: readonly string[],
  below: readonly (readonly string[])[],
  format: NumberFormat,
): boolean {
  const cells = units.map((cell) => cell.trim());
  const isUnit = (cell: string) => cell.length <= LONGEST_UNIT && !isValue(cell, format);
  const numeric = cells
    .map((_, column) => column)
    .filter((column) => {
      const values = below.slice(0, SAMPLED).map((row) => (row[column] ?? '').trim());
      const filled = values.filter((value) => !isMissing(value));
      return filled.length > 1 && filled.filter((value) => isValue(value, format)).length >= VALUES * filled.length;
    });
  return (
    cells.every(isUnit) &&
    numeric.some((column) => !isMissing(cells[column] ?? '')) &&
    numeric.length >= cells.length / 2
  );
}

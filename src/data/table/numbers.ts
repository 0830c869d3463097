import { phrase, type Text } from '../../phrases/phrase.ts';
import type { RowProblem } from '../inputError.ts';
import { missingTest, type NumberFormat } from './dialect.ts';
import type { Table } from './table.ts';

/** A number with the sign of its unit, such as `$` or `%`; the unit is empty without one. */
export interface Quantity {
  readonly value: number;
  readonly unit: string;
}

/** Column of numbers. */
export interface NumberColumn {
  /** One value per row; NaN where it is missing or cannot be read. */
  readonly values: Float64Array;
  /** Unit in most cells, or in a row below the header; empty without one. */
  readonly unit: string;
  /** Cells that are not numbers. */
  readonly unreadable: readonly RowProblem[];
  /** Number of blank cells and of words for missing values. */
  readonly missing: number;
}

/** Plain numbers, which need no other reading: `12`, `-0.5`, `.5`, `1e-3`. */
const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const SPACE = String.raw`[ \u00a0\u2009\u202f]`;
const CURRENCY = String.raw`(?:[$€£¥₹₽₩₺₫₴₪₦฿¢]|(?:US|A|C|NZ|HK|R)\$|USD|EUR|GBP|JPY|CHF|CNY|INR|RUB|SEK|NOK|DKK|PLN)`;
const UNIT = String.raw`(?:[%‰°Ωµμ]|°\s?[CF]|deg ?[CF]?|(?:[kcmµμnMGTd]|da|h)?(?:m|g|s|W|Wh|Hz|Pa|V|A|J|N|L|l|bar|eV|B|bit|mol|cal)(?:[23²³]|/(?:s|h|min|m[23²³]?|L|dL|kg|s[2²]))?|km/h|mph|kn|lbs?|oz|ft|in|mi|ppm|ppb|mmHg|min|h|d|K)`;
const QUANTITY = new RegExp(
  String.raw`^(?:(\()|([+\-−]))?\s*(${CURRENCY})?\s*([+\-−])?\s*([\d.,'’\u00a0\u2009\u202f ]*\d[.,]?(?:[eE][+-]?\d+)?)\s*(${CURRENCY}|${UNIT})?\s*(\))?$`,
  'u',
);

/** Patterns of the digits of a number, with separators of thousands between groups of three (or two, in India). */
const PATTERNS = new Map<string, RegExp>();
/** The characters that separate thousands, by the separator of a dialect. */
const GROUPS: Readonly<Record<NumberFormat['thousands'], string>> = {
  '': '',
  ',': ',',
  '.': String.raw`\.`,
  "'": "['’]",
  ' ': SPACE,
};

function patternOf({ decimal, thousands }: NumberFormat): RegExp {
  const key = `${decimal}${thousands}`;
  const known = PATTERNS.get(key);
  if (known) return known;
  const point = decimal === '.' ? String.raw`\.` : ',';
  const group = GROUPS[thousands];
  const grouped = group === '' ? '' : String.raw`|\d{1,3}(?:${group}\d{2,3})*${group}\d{3}`;
  const pattern = new RegExp(String.raw`^(?:(?:\d+${grouped})(?:${point}\d*)?|${point}\d+)(?:[eE][+-]?\d+)?$`, 'u');
  PATTERNS.set(key, pattern);
  return pattern;
}

/** Reads a number with its sign and unit; undefined if the cell is not a number in this format. */
export function parseQuantity(cell: string, format: NumberFormat): Quantity | undefined {
  const text = cell.trim();
  if (format.decimal === '.' && PLAIN.test(text)) return { value: Number(text), unit: '' };
  const [, opening, sign, before, inner, digits, after, closing] = QUANTITY.exec(text) ?? [];
  if (digits === undefined || (opening === undefined) !== (closing === undefined)) return undefined;
  if (sign !== undefined && inner !== undefined) return undefined;
  if (before !== undefined && after !== undefined && before !== after) return undefined;
  if (!patternOf(format).test(digits)) return undefined;
  const ungrouped = format.thousands === '' ? digits : digits.replace(new RegExp(GROUPS[format.thousands], 'gu'), '');
  const value = Number(format.decimal === ',' ? ungrouped.replace(',', '.') : ungrouped);
  if (!Number.isFinite(value)) return undefined;
  const negative = opening !== undefined || (sign ?? inner ?? '+') !== '+';
  return { value: negative ? -value : value, unit: before ?? after ?? '' };
}

/**
 * Reads a number such as `1,008.64`, `1 008,64`, `$3,004.74`, `12.5 %`, `(3.2)` (negative), `1e-3`; the unit is ignored.
 * @returns NaN if the cell is not a number in this format
 */
export function parseNumber(cell: string, format: NumberFormat): number {
  return parseQuantity(cell, format)?.value ?? Number.NaN;
}

/**
 * Reads a column as numbers. Cells that are not numbers, or that have another unit than most, are reported with their
 * lines.
 */
export function numberColumn(
  { rows, columns, dialect, units: named }: Pick<Table, 'rows' | 'columns' | 'dialect' | 'units'>,
  column: number,
): NumberColumn {
  const isMissing = missingTest(dialect);
  const values = new Float64Array(rows.length).fill(Number.NaN);
  const rowsByUnit = new Map<string, number[]>();
  const unreadable: number[] = [];
  let missing = 0;
  rows.forEach(({ cells }, row) => {
    const cell = cells[column] ?? '';
    const quantity = isPlainNumber(cell, dialect)
      ? { value: Number(cell), unit: '' }
      : isMissing(cell)
        ? undefined
        : (parseQuantity(cell, dialect) ?? 'unreadable');
    if (quantity === undefined) missing++;
    else if (quantity === 'unreadable') unreadable.push(row);
    else {
      values[row] = quantity.value;
      if (quantity.unit === '') return;
      const same = rowsByUnit.get(quantity.unit);
      if (same) same.push(row);
      else rowsByUnit.set(quantity.unit, [row]);
    }
  });
  const [most, ...others] = [...rowsByUnit].sort(([, a], [, b]) => b.length - a.length);
  for (const row of others.flatMap(([, same]) => same)) {
    values[row] = Number.NaN;
    unreadable.push(row);
  }
  const reason = (cell: string): Text =>
    phrase('the column "{0}" has {1}, which is not a number', columns[column] ?? '', JSON.stringify(cell));
  return {
    values,
    unit: named[column] || (most?.[0] ?? ''),
    unreadable: unreadable
      .sort((a, b) => a - b)
      .map((row) => ({ line: rows[row]!.line, reason: reason(rows[row]!.cells[column] ?? '') })),
    missing,
  };
}

/** True for a number that `Number` reads: most cells are, and need no more. */
function isPlainNumber(cell: string, { decimal }: NumberFormat): boolean {
  return decimal === '.' && PLAIN.test(cell);
}

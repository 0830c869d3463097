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

/** Whether a cell is a number in one of some formats. Most cells of texts are in none, which is found once for all. */
export function isQuantity(cell: string, formats: readonly NumberFormat[]): boolean {
  const text = cell.trim();
  if (!PLAIN.test(text) && !QUANTITY.test(text)) return false;
  return formats.some((format) => parseQuantity(text, format) !== undefined);
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
  const decimal = dialect.decimal.charCodeAt(0);
  const values = new Float64Array(rows.length).fill(Number.NaN);
  const rowsByUnit = new Map<string, number[]>();
  const unreadable: number[] = [];
  let missing = 0;
  rows.visit(column, (text, start, end, row) => {
    const plain = plainNumber(text, start, end, decimal);
    if (!Number.isNaN(plain)) {
      values[row] = plain;
      return;
    }
    const cell = text.slice(start, end);
    if (dialect.decimal === '.' && PLAIN.test(cell)) {
      values[row] = Number(cell);
      return;
    }
    if (isMissing(cell)) {
      missing++;
      return;
    }
    const quantity = parseQuantity(cell, dialect);
    if (quantity === undefined) unreadable.push(row);
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
      .map((row) => ({ line: rows.lineOf(row), reason: reason(rows.cell(row, column)) })),
    missing,
  };
}

const [PLUS, MINUS, ZERO, NINE] = [0x2b, 0x2d, 0x30, 0x39];
/** Digits of a number that a float64 holds exactly, whatever they are. */
const EXACT_DIGITS = 15;
/** Powers of ten that are exact as float64: the quotient of an exact number by one is the nearest to the decimal. */
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power);

/**
 * Reads a number of digits with a decimal sign, as most are, from a range of a text. It is what `Number` reads with a
 * decimal point.
 * @param decimal code of the decimal sign
 * @returns NaN for another cell, which may still be a number
 */
export function plainNumber(text: string, start: number, end: number, decimal: number): number {
  const first = start < end ? text.charCodeAt(start) : 0;
  let at = first === MINUS || first === PLUS ? start + 1 : start;
  let [value, digits, decimals, hasSign] = [0, 0, 0, false];
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      value = 10 * value + (code - ZERO);
      digits++;
      if (hasSign) decimals++;
    } else if (code === decimal && !hasSign) hasSign = true;
    else return Number.NaN;
  }
  if (digits === 0 || digits > EXACT_DIGITS) return Number.NaN;
  const size = decimals === 0 ? value : value / POWERS[decimals]!;
  return first === MINUS ? -size : size;
}

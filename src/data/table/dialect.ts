/** Writing of a table: how its cells are separated, and how its numbers are written. */
export interface Dialect {
  /** Text between cells, or "blanks" for any number of blanks, as in aligned columns. */
  readonly delimiter: string;
  /** Quotation mark around cells; empty if quotation marks are ordinary characters. */
  readonly quote: '"' | "'" | '';
  /** Writing of a quotation mark in a quoted cell. */
  readonly escape: 'double' | 'backslash';
  /** True if the first row names the columns. */
  readonly header: boolean;
  readonly decimal: '.' | ',';
  /** Separator of thousands; empty if there is none. */
  readonly thousands: '' | ',' | '.' | "'" | ' ';
  readonly dateOrder: 'auto' | 'day-first' | 'month-first';
  /** Words that mean a missing value in a column of numbers or times. */
  readonly missing: readonly string[];
  /** Start of comment lines; empty if there are none. */
  readonly comment: string;
  /** Encoding of the file by its WHATWG name. */
  readonly encoding: string;
}

/** The parts of a dialect that separate a text into cells. */
export type Syntax = Pick<Dialect, 'delimiter' | 'quote' | 'escape' | 'comment'>;

/** The parts of a dialect that determine the value of a number. */
export type NumberFormat = Pick<Dialect, 'decimal' | 'thousands'>;

/** Common words for a missing value. They count only in columns of numbers and times: "none" may be a label. */
export const MISSING_WORDS: readonly string[] = [
  'NA',
  'N/A',
  '#N/A',
  'n.a.',
  'NaN',
  'null',
  'nil',
  'none',
  'missing',
  '?',
  '-',
  '--',
  '.',
  '*',
];

/** A dialect with the most common values, for tables whose syntax is not delimited. */
export const plainDialect: Dialect = {
  delimiter: ',',
  quote: '"',
  escape: 'double',
  header: true,
  decimal: '.',
  thousands: '',
  dateOrder: 'auto',
  missing: MISSING_WORDS,
  comment: '',
  encoding: 'utf-8',
};

/** Returns a test for cells without a value: blank ones, and words for missing values in any case. */
export function missingTest({ missing }: Pick<Dialect, 'missing'>): (cell: string) => boolean {
  const words = new Set(missing.map((word) => word.toLowerCase()));
  const longest = Math.max(0, ...missing.map(({ length }) => length));
  return (cell) => {
    const trimmed = cell.trim();
    return trimmed === '' || (trimmed.length <= longest && words.has(trimmed.toLowerCase()));
  };
}

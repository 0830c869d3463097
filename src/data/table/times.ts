import { phrase, type Text } from '../../phrases/phrase.ts';
import type { RowProblem } from '../inputError.ts';
import { type Dialect, missingTest } from './dialect.ts';
import type { Table } from './table.ts';

/** Column of times. */
export interface TimeColumn {
  /** Milliseconds since 1970 in UTC, one per row; NaN where the time is missing or cannot be read. */
  readonly values: Float64Array;
  /** Format of the times, such as `DD.MM.YYYY hh:mm`. */
  readonly format: Text;
  /** Cells that are not times. */
  readonly unreadable: readonly RowProblem[];
  /** Number of blank cells and of words for missing values. */
  readonly missing: number;
  /** Column with the time of day that was added to the dates of this one. */
  readonly joined: number | undefined;
  /** What was assumed, such as the order of day and month. */
  readonly notes: readonly Text[];
}

/** Order in which a format writes its numbers: year, month, day. */
type DateOrder = 'ymd' | 'dmy' | 'mdy';

/** A way to write a time. */
interface TimeFormat {
  readonly name: Text;
  /** Reads a cell; NaN if it is not in this format. */
  read(cell: string): number;
  /** Condition on the name of the column, for numbers that could be anything. */
  readonly named?: RegExp;
}

const YEARS = { first: 1000, last: 2999 } as const;
/** Two-digit years from here on belong to the last century, as in POSIX. */
const CENTURY = 69;

const ZONE = String.raw`(?:\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}))?`;
const CLOCK = String.raw`(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?(?:\s?([AaPp])\.?[Mm]\.?)?${ZONE}`;
const WITH_CLOCK = String.raw`(?:[T ,]\s?${CLOCK}|T?)`;

const YEAR_FIRST = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?${WITH_CLOCK}$`);
const YEAR_LAST = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})${WITH_CLOCK}$`);
const COMPACT = new RegExp(String.raw`^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?Z?)?$`);
const ONLY_CLOCK = new RegExp(String.raw`^${CLOCK}$`);
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = String.raw`(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?`;
const NAMED_MONTH_LAST = new RegExp(String.raw`^(?:(\d{1,2})[ .-]+)?${MONTH}[ ,.-]+(\d{4}|\d{2})${WITH_CLOCK}$`, 'i');
const NAMED_MONTH_FIRST = new RegExp(String.raw`^${MONTH} (\d{1,2}),? (\d{4})${WITH_CLOCK}$`, 'i');

/** Names of columns of years, of dates as one number, and of seconds since 1970. */
const YEAR_NAME = /^(?:year|yr|jahr|a[nñ]o|année|anno|godina|rok|år)s?$/iu;
const DATE_NAME = /date|day|datum|fecha|giorno|jour|^(?:dt|ds)$/i;
const UNIX_NAME = /unix|epoch|time_?stamp|^(?:ts|time|utc)(?:_?(?:s|ms|sec|seconds|millis))?$/i;

/** Time of day in milliseconds; NaN for what is none. The parts are those of `CLOCK`. */
function clockOf([hour, minute, second, fraction, half, zone]: readonly (string | undefined)[]): number {
  if (hour === undefined) return 0;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const [minutes, seconds] = [Number(minute ?? 0), Number(second ?? 0)];
  const midnight = hours === 24 && minutes === 0 && seconds === 0;
  if ((hours > 23 && !midnight) || minutes > 59 || seconds > 60) return Number.NaN;
  const milliseconds = Number(`0.${fraction ?? '0'}`) * 1000;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + Math.round(milliseconds) - zoneOffset(zone);
}

function zoneOffset(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone ?? '') ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0)) * 60_000;
}

/** Milliseconds of a date since 1970 in UTC; NaN for a day that does not exist. */
function dateOf(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > 31 || year < YEARS.first || year > YEARS.last) return Number.NaN;
  const time = Date.UTC(year, month - 1, day);
  return new Date(time).getUTCDate() === day ? time : Number.NaN;
}

function fullYear(year: string): number {
  return year.length === 4 ? Number(year) : Number(year) + (Number(year) >= CENTURY ? 1900 : 2000);
}

function readYearFirst(cell: string): number {
  const found = YEAR_FIRST.exec(cell);
  if (!found) return Number.NaN;
  return dateOf(Number(found[1]), Number(found[3]), Number(found[4] ?? 1)) + clockOf(found.slice(5));
}

function readYearLast(cell: string, order: DateOrder): number {
  const found = YEAR_LAST.exec(cell);
  if (!found) return Number.NaN;
  const [first, second] = [Number(found[1]), Number(found[3])];
  const [day, month] = order === 'dmy' ? [first, second] : [second, first];
  return dateOf(fullYear(found[4] ?? ''), month, day) + clockOf(found.slice(5));
}

function readNamedMonth(cell: string): number {
  const monthOf = (name = '') => MONTHS.indexOf(name.toLowerCase()) + 1;
  const last = NAMED_MONTH_LAST.exec(cell);
  if (last) return dateOf(fullYear(last[3] ?? ''), monthOf(last[2]), Number(last[1] ?? 1)) + clockOf(last.slice(4));
  const first = NAMED_MONTH_FIRST.exec(cell);
  if (!first) return Number.NaN;
  return dateOf(Number(first[3]), monthOf(first[1]), Number(first[2])) + clockOf(first.slice(4));
}

function readCompact(cell: string): number {
  const found = COMPACT.exec(cell);
  if (!found) return Number.NaN;
  return dateOf(Number(found[1]), Number(found[2]), Number(found[3])) + clockOf(found.slice(4));
}

function readYear(cell: string): number {
  return /^\d{4}$/.test(cell) ? dateOf(Number(cell), 1, 1) : Number.NaN;
}

/** Reads seconds or milliseconds since 1970; both from 1973 on, where their numbers of digits differ. */
function readUnix(cell: string, digits: RegExp, factor: number): number {
  return digits.test(cell) ? Number(cell) * factor : Number.NaN;
}

const DAY_FIRST: TimeFormat = { name: 'DD/MM/YYYY', read: (cell) => readYearLast(cell, 'dmy') };
const MONTH_FIRST: TimeFormat = { name: 'MM/DD/YYYY', read: (cell) => readYearLast(cell, 'mdy') };

/** The formats in the order in which they are tried. */
const FORMATS: readonly TimeFormat[] = [
  { name: 'YYYY-MM-DD', read: readYearFirst },
  DAY_FIRST,
  MONTH_FIRST,
  { name: phrase('D Month YYYY'), read: readNamedMonth },
  { name: 'YYYY', read: readYear, named: YEAR_NAME },
  { name: 'YYYYMMDD', read: readCompact, named: DATE_NAME },
  {
    name: phrase('seconds since 1970'),
    read: (cell) => readUnix(cell, /^\d{9,10}(?:\.\d+)?$/, 1000),
    named: UNIX_NAME,
  },
  { name: phrase('milliseconds since 1970'), read: (cell) => readUnix(cell, /^\d{12,13}$/, 1), named: UNIX_NAME },
];

/** Time of day, such as `18:00` or `18.00.00`, in milliseconds since midnight; NaN for another cell. */
function readClock(cell: string): number {
  const found = ONLY_CLOCK.exec(cell);
  return found && (found[3] !== undefined || cell.includes(':')) ? clockOf(found.slice(1)) : Number.NaN;
}

/** Fraction of the filled cells that have to be times, for a column of times. */
const TIMES = 0.75;
/** Rows that decide whether a column is one of times. */
const SAMPLED = 200;

type Source = Pick<Table, 'rows' | 'columns' | 'dialect'>;

/** Kind of the times in a column: with dates, or only times of day. Undefined for a column without times. */
export function timeKind({ rows, columns, dialect }: Source, column: number): 'date' | 'clock' | undefined {
  const isMissing = missingTest(dialect);
  const step = Math.max(1, Math.floor(rows.length / SAMPLED));
  const cells: string[] = [];
  for (let row = 0; row < rows.length; row += step) {
    const cell = (rows[row]!.cells[column] ?? '').trim();
    if (!isMissing(cell)) cells.push(cell);
  }
  if (cells.length === 0) return undefined;
  const isMost = (read: (cell: string) => number) =>
    cells.filter((cell) => !Number.isNaN(read(cell))).length >= TIMES * cells.length;
  if (isMost(readClock)) return 'clock';
  return formatsFor(columns[column] ?? '').some(({ read }) => isMost(read)) ? 'date' : undefined;
}

function formatsFor(name: string): readonly TimeFormat[] {
  return FORMATS.filter(({ named }) => !named || named.test(name.trim()));
}

/** Column of the times of a table: the first one with dates; undefined if there is none. */
export function findTimeColumn(table: Pick<Table, 'rows' | 'columns' | 'dialect' | 'types'>): number | undefined {
  const column = table.types.findIndex((type, index) => type === 'time' && timeKind(table, index) === 'date');
  return column < 0 ? undefined : column;
}

/**
 * Reads a column as times. The format is the one that reads the most cells of the whole column. Dates without a time of
 * day are joined with a column of times of day next to them.
 */
export function timeColumn(table: Source, column: number): TimeColumn {
  const { rows, columns, dialect } = table;
  const isMissing = missingTest(dialect);
  const cells = rows.map(({ cells: row }) => (row[column] ?? '').trim());
  const filled = cells.filter((cell) => !isMissing(cell));
  const { format, notes } = chooseFormat(columns[column] ?? '', filled, dialect.dateOrder);
  const joined = clockBeside(table, column, filled);
  const values = new Float64Array(cells.length).fill(Number.NaN);
  const unreadable: RowProblem[] = [];
  cells.forEach((cell, row) => {
    if (isMissing(cell)) return;
    const clock = joined === undefined ? 0 : readClock((rows[row]!.cells[joined] ?? '').trim());
    values[row] = format.read(cell) + clock;
    if (!Number.isNaN(values[row])) return;
    const at = joined !== undefined && Number.isNaN(clock) ? joined : column;
    unreadable.push({
      line: rows[row]!.line,
      reason: phrase(
        'the column "{0}" has {1}, which is not a time',
        columns[at] ?? '',
        JSON.stringify(rows[row]!.cells[at] ?? ''),
      ),
    });
  });
  return {
    values,
    format: nameOf(format, filled[0] ?? '', joined !== undefined),
    unreadable,
    missing: cells.length - filled.length,
    joined,
    notes,
  };
}

/** Chooses the format that reads the most cells; between day first and month first, also the one that keeps order. */
function chooseFormat(
  column: string,
  cells: readonly string[],
  order: Dialect['dateOrder'],
): { format: TimeFormat; notes: readonly Text[] } {
  const scored = [...formatsFor(column), { name: 'hh:mm', read: readClock }].map((format) => ({
    format,
    read: cells.filter((cell) => !Number.isNaN(format.read(cell))).length,
  }));
  const [best] = scored.sort((a, b) => b.read - a.read);
  const format = best?.format ?? FORMATS[0]!;
  if (format !== DAY_FIRST && format !== MONTH_FIRST) return { format, notes: [] };
  if (order !== 'auto') return { format: order === 'day-first' ? DAY_FIRST : MONTH_FIRST, notes: [] };
  const [day, month] = [DAY_FIRST, MONTH_FIRST].map((each) => scored.find((other) => other.format === each)?.read ?? 0);
  if (day !== month) return { format, notes: [] };
  // Every cell can be read both ways: times in a file mostly ascend, and points separate days from months.
  const [ascendingDays, ascendingMonths] = [ascending(cells, DAY_FIRST), ascending(cells, MONTH_FIRST)];
  if (ascendingMonths > ascendingDays) return { format: MONTH_FIRST, notes: [] };
  if (ascendingMonths < ascendingDays || cells[0]?.includes('.')) return { format: DAY_FIRST, notes: [] };
  return {
    format: DAY_FIRST,
    notes: [
      phrase(
        'The dates in the column "{0}", such as {1}, can be read with the day first or the month first. The day is taken to be first; set data.dateOrder to change it.',
        column,
        cells[0] ?? '',
      ),
    ],
  };
}

/** Number of neighbors whose times ascend. */
function ascending(cells: readonly string[], { read }: TimeFormat): number {
  let count = 0;
  let last = Number.NaN;
  for (const cell of cells) {
    const time = read(cell);
    if (time >= last) count++;
    last = time;
  }
  return count;
}

/** Index of a column of times of day next to a column of dates without them. */
function clockBeside(table: Source, column: number, cells: readonly string[]): number | undefined {
  const hasClock = cells.slice(0, SAMPLED).some((cell) => /\d[:.]\d{2}(?::\d{2})?$|T\d{2}/.test(withoutDate(cell)));
  if (hasClock) return undefined;
  return [column + 1, column - 1].find(
    (other) => other >= 0 && other < table.columns.length && timeKind(table, other) === 'clock',
  );
}

function withoutDate(cell: string): string {
  return cell.replace(/^\d+[-/.]\d+(?:[-/.]\d+)?/, '');
}

/** Name of a format as a cell is written: with its separators, without what it lacks, and with the time of day. */
function nameOf({ name }: TimeFormat, cell: string, joined: boolean): Text {
  if (typeof name !== 'string') return name;
  const [, separator] = /^\d+([-/.])\d/.exec(cell) ?? [];
  const rest = separator === undefined ? '' : withoutDate(cell);
  const date = separator === undefined ? name : name.replaceAll(/[-/]/g, separator);
  const isMonth = name === 'YYYY-MM-DD' && /^\d{4}[-/.]\d{1,2}$/.test(cell);
  const seconds = /\d[:.]\d{2}[:.]\d{2}/.test(rest) ? ' hh:mm:ss' : /\d[:.]\d{2}/.test(rest) ? ' hh:mm' : '';
  return `${isMonth ? date.slice(0, 'YYYY-MM'.length) : date}${joined ? ' hh:mm' : seconds}`;
}

/** True for a date or a time of day in any format that says what it is: not for a number alone. */
export function isTime(cell: string): boolean {
  return [...FORMATS.filter(({ named }) => !named), { read: readClock }].some(({ read }) => !Number.isNaN(read(cell)));
}

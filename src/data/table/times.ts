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

const DAY = 86_400_000;
/** The first day of the month that was read last, and its number of days: the next date is mostly in the same month. */
const lastMonth = { year: 0, month: 0, start: 0, days: 0 };

/** Milliseconds of a date since 1970 in UTC; NaN for a day that does not exist. */
function dateOf(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > 31 || year < YEARS.first || year > YEARS.last) return Number.NaN;
  if (lastMonth.month !== month || lastMonth.year !== year) {
    const start = Date.UTC(year, month - 1);
    Object.assign(lastMonth, { year, month, start, days: (Date.UTC(year, month) - start) / DAY });
  }
  return day <= lastMonth.days ? lastMonth.start + (day - 1) * DAY : Number.NaN;
}

function fullYear(year: string): number {
  return year.length === 4 ? Number(year) : Number(year) + (Number(year) >= CENTURY ? 1900 : 2000);
}

function readYearFirst(cell: string): number {
  const plain = readPlainTime(cell);
  if (!Number.isNaN(plain)) return plain;
  const found = YEAR_FIRST.exec(cell);
  if (!found) return Number.NaN;
  return dateOf(Number(found[1]), Number(found[3]), Number(found[4] ?? 1)) + clockOf(found.slice(5));
}

const [ZERO, DASH, COLON, SPACE, T] = [0x30, 0x2d, 0x3a, 0x20, 0x54];

/**
 * Reads `YYYY-MM-DD`, also with `hh:mm` or `hh:mm:ss` after a space or T, as most times are written.
 * @returns NaN for another cell, which may still be a time
 */
function readPlainTime(cell: string): number {
  const { length } = cell;
  if (length !== 10 && length !== 16 && length !== 19) return Number.NaN;
  if (cell.charCodeAt(4) !== DASH || cell.charCodeAt(7) !== DASH) return Number.NaN;
  const date = dateOf(100 * twoDigits(cell, 0) + twoDigits(cell, 2), twoDigits(cell, 5), twoDigits(cell, 8));
  if (length === 10) return date;
  const separator = cell.charCodeAt(10);
  if ((separator !== SPACE && separator !== T) || cell.charCodeAt(13) !== COLON) return Number.NaN;
  if (length === 19 && cell.charCodeAt(16) !== COLON) return Number.NaN;
  const [hours, minutes] = [twoDigits(cell, 11), twoDigits(cell, 14)];
  const seconds = length === 19 ? twoDigits(cell, 17) : 0;
  // Midnight at the end of a day is left to the other reading.
  return hours < 24 && minutes < 60 && seconds <= 60
    ? date + ((60 * hours + minutes) * 60 + seconds) * 1000
    : Number.NaN;
}

/** Value of two digits at a place of a text; NaN for other characters. */
function twoDigits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - ZERO, text.charCodeAt(at + 1) - ZERO];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : Number.NaN;
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
    const cell = rows.cell(row, column).trim();
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
  const filled = new FilledCells(table, column);
  const { format, times, notes } = chooseFormat(columns[column] ?? '', filled, dialect.dateOrder);
  const joined = clockBeside(table, column, filled);
  // In a column without missing times, each row has its own.
  const values = filled.length === rows.length ? times : new Float64Array(rows.length).fill(Number.NaN);
  const unreadable: RowProblem[] = [];
  for (let i = 0; i < filled.length; i++) {
    const row = filled.rows[i]!;
    const clock = joined === undefined ? 0 : readClock(rows.cell(row, joined).trim());
    const time = times[i]! + clock;
    values[row] = time;
    if (!Number.isNaN(time)) continue;
    const at = joined !== undefined && Number.isNaN(clock) ? joined : column;
    unreadable.push({
      line: rows.lineOf(row),
      reason: phrase(
        'the column "{0}" has {1}, which is not a time',
        columns[at] ?? '',
        JSON.stringify(rows.cell(row, at)),
      ),
    });
  }
  return {
    values,
    format: nameOf(format, filled.at(0), joined !== undefined),
    unreadable,
    missing: rows.length - filled.length,
    joined,
    notes,
  };
}

/** The cells of a column that are not missing, by the numbers of their rows. */
class FilledCells {
  readonly rows: Uint32Array;
  readonly #table: Source;
  readonly #column: number;

  constructor(table: Source, column: number) {
    const isMissing = missingTest(table.dialect);
    const filled = new Uint32Array(table.rows.length);
    let count = 0;
    for (let row = 0; row < table.rows.length; row++)
      if (!isMissing(table.rows.cell(row, column))) filled[count++] = row;
    this.rows = filled.subarray(0, count);
    this.#table = table;
    this.#column = column;
  }

  get length(): number {
    return this.rows.length;
  }

  /** A cell without white space around it; empty beyond the last one. */
  at(index: number): string {
    const row = this.rows[index];
    return row === undefined ? '' : this.#table.rows.cell(row, this.#column).trim();
  }
}

/** Cells as a format reads them. */
interface FormattedCells {
  readonly format: TimeFormat;
  /** NaN for cells that are not in the format. */
  readonly times: Float64Array;
  readonly read: number;
}

/** Reads cells in a format. @returns undefined as soon as fewer than `least` can be in it */
function readAs(format: TimeFormat, cells: FilledCells, least: number): FormattedCells | undefined {
  const times = new Float64Array(cells.length);
  let others = 0;
  for (let i = 0; i < cells.length; i++) {
    times[i] = format.read(cells.at(i));
    if (Number.isNaN(times[i]) && cells.length - ++others < least) return undefined;
  }
  return { format, times, read: cells.length - others };
}

/** Chooses the format that reads the most cells; between day first and month first, also the one that keeps order. */
function chooseFormat(
  column: string,
  cells: FilledCells,
  order: Dialect['dateOrder'],
): Pick<FormattedCells, 'format' | 'times'> & { readonly notes: readonly Text[] } {
  const [first, ...others] = [...formatsFor(column), { name: 'hh:mm', read: readClock }] as const;
  let best = readAs(first!, cells, 0)!;
  let month: FormattedCells | undefined;
  for (const format of others) {
    // A format that reads every cell is better than those after it, except for the other order of day and month.
    if (best.read === cells.length && !(best.format === DAY_FIRST && format === MONTH_FIRST)) continue;
    const found = readAs(format, cells, best.read);
    if (format === MONTH_FIRST) month = found;
    if (found && found.read > best.read) best = found;
  }
  if (best.format !== DAY_FIRST && best.format !== MONTH_FIRST) return { ...best, notes: [] };
  if (order !== 'auto') {
    const chosen = order === 'day-first' ? DAY_FIRST : MONTH_FIRST;
    return { ...(chosen === best.format ? best : readAs(chosen, cells, 0)!), notes: [] };
  }
  if (best.format !== DAY_FIRST || month?.read !== best.read) return { ...best, notes: [] };
  // Every cell can be read both ways: times in a file mostly ascend, and points separate days from months.
  const [ascendingDays, ascendingMonths] = [ascending(best.times), ascending(month.times)];
  if (ascendingMonths > ascendingDays) return { ...month, notes: [] };
  if (ascendingMonths < ascendingDays || cells.at(0).includes('.')) return { ...best, notes: [] };
  return {
    ...best,
    notes: [
      phrase(
        'The dates in the column "{0}", such as {1}, can be read with the day first or the month first. The day is taken to be first; set data.dateOrder to change it.',
        column,
        cells.at(0),
      ),
    ],
  };
}

/** Number of neighbors that ascend. */
function ascending(times: Float64Array): number {
  let count = 0;
  for (let i = 1; i < times.length; i++) if (times[i]! >= times[i - 1]!) count++;
  return count;
}

/** Index of a column of times of day next to a column of dates without them. */
function clockBeside(table: Source, column: number, cells: FilledCells): number | undefined {
  for (let i = 0; i < Math.min(SAMPLED, cells.length); i++)
    if (/\d[:.]\d{2}(?::\d{2})?$|T\d{2}/.test(withoutDate(cells.at(i)))) return undefined;
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

import type { Generator } from '../../random/generator.ts';
import type { PairTask } from './pairTask.ts';

const FIRST_YEAR = 1950;
const LAST_YEAR = 2049;
const DAY = 24 * 60 * 60 * 1000;

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

interface DateParts {
  readonly year: number;
  /** Month from 1. */
  readonly month: number;
  readonly day: number;
  readonly monthName: string;
  readonly weekday: string;
}

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * Common date formats. The separator determines the order of day and month (`4.3.` and `3/4/` are both March 4), and
 * two-digit years are 1950 to 2049, so that every text has one meaning.
 */
const FORMATS: readonly ((date: DateParts) => string)[] = [
  ({ day, monthName, year }) => `${day} ${monthName} ${year}`,
  ({ day, monthName, year }) => `${monthName} ${day}, ${year}`,
  ({ day, monthName, year, weekday }) => `${weekday}, ${day} ${monthName} ${year}`,
  ({ day, monthName, year, weekday }) => `${weekday} ${monthName} ${day} ${year}`,
  ({ day, monthName, year }) => `${day} ${monthName.slice(0, 3)} ${year}`,
  ({ day, monthName, year }) => `${monthName.slice(0, 3)} ${day} ${two(year % 100)}`,
  ({ day, monthName, year }) => `the ${day}${ordinalEnding(day)} of ${monthName} ${year}`,
  ({ day, month, year }) => `${day}.${month}.${year}`,
  ({ day, month, year }) => `${two(day)}.${two(month)}.${two(year % 100)}`,
  ({ day, month, year }) => `${month}/${day}/${year}`,
  ({ day, month, year }) => `${month}/${day}/${two(year % 100)}`,
  ({ day, month, year }) => `${year} ${two(month)} ${two(day)}`,
];

/**
 * Date normalization: converts common date formats to ISO 8601. Dates, formats and lower case are drawn uniformly.
 */
export const dates: PairTask = {
  generate: (count, generator) => Array.from({ length: count }, () => datePair(generator)),
};

function datePair(generator: Generator): { source: string; target: string } {
  const first = Date.UTC(FIRST_YEAR, 0, 1);
  const days = (Date.UTC(LAST_YEAR + 1, 0, 1) - first) / DAY;
  const date = new Date(first + DAY * generator.nextBelow(days));
  const format = FORMATS[generator.nextBelow(FORMATS.length)]!;
  const source = format({
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    monthName: MONTHS[date.getUTCMonth()]!,
    weekday: WEEKDAYS[date.getUTCDay()]!,
  });
  const isLowerCase = generator.nextBelow(2) === 0;
  return { source: isLowerCase ? source.toLowerCase() : source, target: date.toISOString().slice(0, 10) };
}

function ordinalEnding(day: number): string {
  if (day >= 11 && day <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}

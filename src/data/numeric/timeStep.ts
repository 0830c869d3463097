import * as z from 'zod';
import { phrase, type Text } from '../../phrases/phrase.ts';

/**
 * Step of a time series. Months and business days differ in length, so they are counted in the calendar; `isEnd` marks
 * series of the last day of each month.
 */
export const timeStepSchema = z.discriminatedUnion('unit', [
  z.object({ unit: z.literal('millisecond'), count: z.number().positive() }),
  z.object({ unit: z.literal('businessDay'), count: z.literal(1) }),
  z.object({ unit: z.literal('month'), count: z.int().positive(), isEnd: z.boolean() }),
]);

export type TimeStep = z.output<typeof timeStepSchema>;

const DAY = 86_400_000;
/** Fraction of the differences that must be one step. */
const REGULAR = 0.5;
/** Shortest month in days. */
const SHORTEST_MONTH = 28;

/**
 * Step of a series: months if all times are on one day of the month, business days if none is on a weekend, otherwise
 * the most frequent difference.
 * @param times distinct and ascending, in milliseconds since 1970 UTC
 * @returns undefined if fewer than half of the differences are equal
 */
export function inferStep(times: Float64Array): TimeStep | undefined {
  if (times.length < 2) return undefined;
  const differences = times.subarray(1).map((time, i) => time - times[i]!);
  const months = monthStep(times, differences);
  if (months) return months;
  const [common = 0, count = 0] = mostFrequent(differences);
  if (count <= REGULAR * differences.length) return undefined;
  const isWeekday = times.every((time) => time % DAY === times[0]! % DAY && !isWeekend(time));
  const overWeekends = differences.some((difference, i) => difference === 3 * DAY && weekday(times[i]!) === 5);
  if (common === DAY && isWeekday && overWeekends) return { unit: 'businessDay', count: 1 };
  return { unit: 'millisecond', count: common };
}

/** The time a number of steps after another. */
export function timeAfter(time: number, step: TimeStep, steps: number): number {
  if (step.unit === 'millisecond') return time + steps * step.count;
  if (step.unit === 'businessDay') return businessTime(businessIndex(time) + steps, time);
  return monthTime(time, steps * step.count, step.isEnd);
}

/** Number of steps from one time to another; not a whole number for a time between two steps. */
export function stepsBetween(from: number, to: number, step: TimeStep): number {
  if (step.unit === 'millisecond') return (to - from) / step.count;
  if (step.unit === 'businessDay') return businessIndex(to) - businessIndex(from);
  return (monthIndex(to) - monthIndex(from)) / step.count;
}

/** Units of lengths of time in milliseconds, longest first, for `describeStep`. */
const UNITS: readonly (readonly [length: number, one: Text, several: (count: number) => Text])[] = [
  [7 * DAY, phrase('1 week'), (count) => phrase('{0} weeks', count)],
  [DAY, phrase('1 day'), (count) => phrase('{0} days', count)],
  [3_600_000, phrase('1 hour'), (count) => phrase('{0} hours', count)],
  [60_000, phrase('1 minute'), (count) => phrase('{0} minutes', count)],
  [1000, phrase('1 second'), (count) => phrase('{0} seconds', count)],
  [1, phrase('1 millisecond'), (count) => phrase('{0} milliseconds', count)],
];

/** Units of lengths of time in months. */
const MONTHS: typeof UNITS = [
  [12, phrase('1 year'), (count) => phrase('{0} years', count)],
  [3, phrase('1 quarter'), (count) => phrase('{0} quarters', count)],
  [1, phrase('1 month'), (count) => phrase('{0} months', count)],
];

/** Names a step, such as "1 hour", "15 minutes" or "1 quarter". */
export function describeStep(step: TimeStep): Text {
  if (step.unit === 'businessDay') return phrase('1 business day');
  const units = step.unit === 'month' ? MONTHS : UNITS;
  const [length, one, several] = units.find(([each]) => step.count % each === 0) ?? units.at(-1)!;
  const count = step.count / length;
  return count === 1 ? one : several(count);
}

/**
 * Formats a time in UTC: the date, and the time of day if it is not midnight.
 * @param step step of the series, if known; with steps of less than a day, midnight has its time of day too
 */
export function formatTime(time: number, step?: TimeStep): string {
  const [date = '', clock = ''] = new Date(time).toISOString().split('T');
  const isWithinDays = step?.unit === 'millisecond' && step.count % DAY !== 0;
  if (clock === '00:00:00.000Z' && !isWithinDays) return date;
  const seconds = clock.endsWith(':00.000Z') ? clock.slice(0, 5) : clock.replace(/(\.000)?Z$/, '');
  return `${date} ${seconds}`;
}

function monthStep(times: Float64Array, differences: Float64Array): TimeStep | undefined {
  const isEnd = times.every(isMonthEnd);
  const [first = 0] = times;
  if (differences.some((difference) => difference < SHORTEST_MONTH * DAY)) return undefined;
  const day = times.reduce((last, time) => Math.max(last, new Date(time).getUTCDate()), 1);
  const fits = (time: number) => monthTime(first, monthIndex(time) - monthIndex(first), isEnd, day) === time;
  if (!times.every(fits)) return undefined;
  const months = times.subarray(1).map((time, i) => monthIndex(time) - monthIndex(times[i]!));
  const [count = 1, agreeing = 0] = mostFrequent(months);
  return agreeing > REGULAR * months.length ? { unit: 'month', count, isEnd } : undefined;
}

function mostFrequent(values: Float64Array): [value: number, count: number] | [] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
}

/** Months since year 0. */
function monthIndex(time: number): number {
  const date = new Date(time);
  return 12 * date.getUTCFullYear() + date.getUTCMonth();
}

/** The same day of a later month, or its last day if it is shorter. */
function monthTime(time: number, months: number, isEnd: boolean, day = new Date(time).getUTCDate()): number {
  const index = monthIndex(time) + months;
  const length = new Date(Date.UTC(Math.floor(index / 12), (index % 12) + 1, 0)).getUTCDate();
  const clock = ((time % DAY) + DAY) % DAY;
  return Date.UTC(Math.floor(index / 12), index % 12, isEnd ? length : Math.min(day, length)) + clock;
}

function isMonthEnd(time: number): boolean {
  return new Date(time + DAY).getUTCDate() === 1;
}

/** Day of the week; Sunday is 0. */
function weekday(time: number): number {
  return new Date(time).getUTCDay();
}

function isWeekend(time: number): boolean {
  return weekday(time) % 6 === 0;
}

/** Business days since Monday, 1969-12-29; a weekend counts as the Friday before. */
function businessIndex(time: number): number {
  const days = Math.floor(time / DAY) + 3;
  const week = Math.floor(days / 7);
  return 5 * week + Math.min(4, days - 7 * week);
}

function businessTime(index: number, time: number): number {
  const week = Math.floor(index / 5);
  return (7 * week + (index - 5 * week) - 3) * DAY + (((time % DAY) + DAY) % DAY);
}

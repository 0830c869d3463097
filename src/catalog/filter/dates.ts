/** A year, a month, a day, a minute or a second. */
const DATE = /^([1-9]\d{3})(?:-(\d\d?)(?:-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d))?)?)?)?$/;

/**
 * The time from the beginning to the end of a date or of a part of one, such as "2026-11", in the time zone of this
 * process, in milliseconds.
 * @returns undefined if the text is not a date
 */
export function dateRange(text: string): { readonly from: number; readonly to: number } | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const parts = match.slice(1).flatMap((part) => (part === undefined ? [] : Number(part)));
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  const from = new Date(year, month - 1, day, hour, minute, second);
  // A date that does not exist, such as February 30, is moved to another one.
  const isReal = from.getMonth() === month - 1 && from.getDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal) return undefined;
  const next = parts.map((part, index) => (index === parts.length - 1 ? part + 1 : part));
  const [nextYear = 0, nextMonth = 1, nextDay = 1, nextHour = 0, nextMinute = 0, nextSecond = 0] = next;
  const to = new Date(nextYear, nextMonth - 1, nextDay, nextHour, nextMinute, nextSecond);
  return { from: from.getTime(), to: to.getTime() };
}

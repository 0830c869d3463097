/** Numbers by which files commonly mark missing values. */
const CONVENTIONAL: ReadonlySet<number> = new Set([-99, -200, -999, -9999, -99_999, -32_768, 999, 9999, 99_999]);
/** Least number of occurrences. */
const MIN_COUNT = 3;
/** Distance from the other values, as a fraction of their range: for a conventional number, and for any integer. */
const CONVENTIONAL_DISTANCE = 0.05;
const OTHER_DISTANCE = 2;

/** A number that probably means that a value is missing. */
export interface Sentinel {
  readonly value: number;
  readonly count: number;
}

/**
 * Numbers of a column that probably mean that a value is missing: the smallest or largest number, an integer that occurs
 * at least three times and is far from all others.
 * @param values NaN where a cell has no number
 */
export function suspectedSentinels(values: Float64Array): Sentinel[] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  // The numbers next to both ends.
  let [second, penultimate] = [Infinity, -Infinity];
  const counts = { least: 0, most: 0 };
  for (const value of values) {
    if (value === least) counts.least++;
    else if (value < second) second = value;
    if (value === most) counts.most++;
    else if (value > penultimate) penultimate = value;
  }
  // Fewer than three different numbers.
  if (second >= most) return [];
  const ends = [
    { value: least, count: counts.least, nearest: second, range: most - second },
    { value: most, count: counts.most, nearest: penultimate, range: penultimate - least },
  ];
  return ends.flatMap(({ value, count, nearest, range }) => {
    const distance = CONVENTIONAL.has(value) ? CONVENTIONAL_DISTANCE : OTHER_DISTANCE;
    const isFar = Math.abs(value - nearest) > distance * range;
    return Number.isInteger(value) && count >= MIN_COUNT && isFar ? [{ value, count }] : [];
  });
}

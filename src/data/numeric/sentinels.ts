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
  const counts = new Map<number, number>();
  for (const value of values) if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const distinct = Float64Array.from(counts.keys()).sort();
  if (distinct.length < 3) return [];
  const ends = [
    { value: distinct[0]!, nearest: distinct[1]!, range: distinct.at(-1)! - distinct[1]! },
    { value: distinct.at(-1)!, nearest: distinct.at(-2)!, range: distinct.at(-2)! - distinct[0]! },
  ];
  return ends.flatMap(({ value, nearest, range }) => {
    const count = counts.get(value) ?? 0;
    const distance = CONVENTIONAL.has(value) ? CONVENTIONAL_DISTANCE : OTHER_DISTANCE;
    const isFar = Math.abs(value - nearest) > distance * range;
    return Number.isInteger(value) && count >= MIN_COUNT && isFar ? [{ value, count }] : [];
  });
}

/** Significant digits of the numbers in an answer: enough to tell losses apart, and few enough to read. */
export const DIGITS = 4;

/**
 * A copy of an answer whose fractional numbers are rounded to `DIGITS` significant digits. Whole numbers, such as steps
 * and counts, are exact. NaN and Infinity, which JSON does not have, become null. Fields that are undefined are omitted.
 */
export function rounded(value: unknown): unknown {
  if (typeof value === 'number') return roundedNumber(value);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]: [string, unknown]) =>
      each === undefined ? [] : [[key, rounded(each)]],
    ),
  );
}

function roundedNumber(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
}

/** Significant digits of the numbers in an answer: enough to tell losses apart, and few enough to read. */
export const DIGITS = 4;

/**
 * A copy of an answer whose fractional numbers are rounded to `DIGITS` significant digits. Numbers next to 1, such as
 * probabilities, keep as many digits of what they lack to 1: 0.99996 does not become 1. Whole numbers, such as steps and
 * counts, and the parts that `exact` marks are not rounded. NaN and Infinity, which JSON does not have, become null.
 * Fields that are undefined are omitted.
 */
export function rounded(value: unknown): unknown {
  return copied(value, roundedNumber);
}

/** Objects and lists that are not rounded. */
const exactParts = new WeakSet();

/** Marks a part of an answer whose numbers are exact, such as values that an agent sets in another run. */
export function exact<T extends object>(part: T): T {
  exactParts.add(part);
  return part;
}

function copied(value: unknown, number: (value: number) => number): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? number(value) : null;
  if (typeof value !== 'object' || value === null) return value;
  const inner = exactParts.has(value) ? unchanged : number;
  if (Array.isArray(value)) return value.map((each) => copied(each, inner));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]: [string, unknown]) =>
      each === undefined ? [] : [[key, copied(each, inner)]],
    ),
  );
}

function unchanged(value: number): number {
  return value;
}

/** The nearest number with `DIGITS` significant digits, also of its difference to 1 or -1. */
export function roundedNumber(value: number): number {
  if (Number.isInteger(value)) return value;
  const size = Math.abs(value);
  if (size <= 0.5 || size >= 1) return Number(value.toPrecision(DIGITS));
  return Number(value.toFixed(DIGITS - 1 - Math.floor(Math.log10(1 - size))));
}

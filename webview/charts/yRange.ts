import { fitsAxis, fromAxis, toAxis, valueAt, type Range, type ScaleKind } from './scale.ts';

/** The fence of `fitRange` stands this many times the distance between the outer quantiles beyond them. */
const REACH = 3;
const OUTER = 0.05;
const PADDING = 0.05;

/** Range that shows every value; null if there is none that the axis can show. */
export function fullRange(values: readonly number[], kind: ScaleKind): Range | null {
  return padded(onAxis(values, kind), kind);
}

/**
 * Range that shows the bulk of the values and leaves spikes outside: everything beyond three times the
 * distance between the 5 % and the 95 % quantile is left out. An ordinary loss curve falls within that
 * fence whole; one early step at a loss of 30 does not, and no longer flattens the rest.
 */
export function fitRange(values: readonly number[], kind: ScaleKind): Range | null {
  const sorted = onAxis(values, kind).sort((a, b) => a - b);
  const low = quantile(sorted, OUTER);
  const high = quantile(sorted, 1 - OUTER);
  const reach = REACH * (high - low);
  const bulk = reach > 0 ? sorted.filter((position) => position >= low - reach && position <= high + reach) : sorted;
  return padded(bulk, kind);
}

/** Widens a range to show marks, such as reference lines, as long as that does not make it more than twice as high. */
export function withNearMarks(range: Range, marks: readonly number[], kind: ScaleKind): Range {
  const low = toAxis(range.min, kind);
  const high = toAxis(range.max, kind);
  const near = onAxis(marks, kind).filter((mark) => mark > low - (high - low) / 2 && mark < high + (high - low) / 2);
  const beyond = near.filter((mark) => mark < low || mark > high);
  return beyond.length === 0 ? range : (padded([low, high, ...beyond], kind) ?? range);
}

const NARROWEST = 1e-9;
const WIDEST = 1e12;

/** Zooms so that the value at `share` (0 bottom, 1 top) stays where it is; a factor below 1 zooms in. */
export function zoom(range: Range, factor: number, share: number, kind: ScaleKind): Range {
  const low = toAxis(range.min, kind);
  const span = toAxis(range.max, kind) - low;
  const wanted = span * factor;
  const size = Math.max(Math.abs(low), Math.abs(low + span));
  if (wanted < NARROWEST * size || wanted > WIDEST * Math.max(size, 1)) return range;
  const start = low + share * (span - wanted);
  return checked(range, fromAxis(start, kind), fromAxis(start + wanted, kind));
}

/** Moves a range up by a share of its height. */
export function pan(range: Range, share: number, kind: ScaleKind): Range {
  return checked(range, valueAt(share, range, kind), valueAt(1 + share, range, kind));
}

/** The end of a double's range is the end of every gesture. */
function checked(before: Range, min: number, max: number): Range {
  return min < max && Number.isFinite(max - min) ? { min, max } : before;
}

function onAxis(values: readonly number[], kind: ScaleKind): number[] {
  return values.filter((value) => fitsAxis(value, kind)).map((value) => toAxis(value, kind));
}

/** Linear interpolation between the order statistics; NaN of nothing. */
function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (position - Math.floor(position)) * (above - below);
}

/** A little air above and below; nothing below zero where no value is. */
function padded(positions: readonly number[], kind: ScaleKind): Range | null {
  if (positions.length === 0) return null;
  const low = positions.reduce((a, b) => Math.min(a, b));
  const high = positions.reduce((a, b) => Math.max(a, b));
  const flat = high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  const air = flat ? airAroundOneValue(low, kind) : (high - low) * PADDING;
  const bottom = kind === 'linear' && low >= 0 ? Math.max(0, low - air) : low - air;
  return { min: fromAxis(bottom, kind), max: fromAxis(high + air, kind) };
}

function airAroundOneValue(position: number, kind: ScaleKind): number {
  if (kind === 'logarithmic') return 0.2;
  return Math.abs(position) * 0.1 || 1;
}

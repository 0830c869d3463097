import { fitsAxis, fromAxis, toAxis, valueAt, type Range, type ScaleKind } from './scale.ts';

/** Distance from the outer quantiles to the limits of `fitRange`, in multiples of the distance between them. */
const REACH = 3;
const OUTER = 0.05;
const PADDING = 0.05;

/** Returns the range that shows every value; null if the axis can show none. */
export function fullRange(values: readonly number[], kind: ScaleKind): Range | null {
  return padded(onAxis(values, kind), kind);
}

/**
 * Returns the range that shows the bulk of the values without spikes: it omits values that are more than three times
 * the distance between the 5 % and the 95 % quantile beyond these. An ordinary loss curve fits completely, while one
 * early step at a loss of 30 is omitted and does not flatten the others.
 */
export function fitRange(values: readonly number[], kind: ScaleKind): Range | null {
  const sorted = onAxis(values, kind).sort((a, b) => a - b);
  const low = quantile(sorted, OUTER);
  const high = quantile(sorted, 1 - OUTER);
  const reach = REACH * (high - low);
  const bulk = reach > 0 ? sorted.filter((position) => position >= low - reach && position <= high + reach) : sorted;
  return padded(bulk, kind);
}

/** Widens a range to show marks, such as reference lines, that are within half of its height beyond its ends. */
export function withNearMarks(range: Range, marks: readonly number[], kind: ScaleKind): Range {
  const low = toAxis(range.min, kind);
  const high = toAxis(range.max, kind);
  const near = onAxis(marks, kind).filter((mark) => mark > low - (high - low) / 2 && mark < high + (high - low) / 2);
  const beyond = near.filter((mark) => mark < low || mark > high);
  return beyond.length === 0 ? range : (padded([low, high, ...beyond], kind) ?? range);
}

const MIN_SPAN = 1e-9;
const MAX_SPAN = 1e12;

/** Zooms about the value at `fraction` (0 bottom, 1 top), which keeps its position; a factor below 1 zooms in. */
export function zoom(range: Range, factor: number, fraction: number, kind: ScaleKind): Range {
  const low = toAxis(range.min, kind);
  const span = toAxis(range.max, kind) - low;
  const wanted = span * factor;
  const size = Math.max(Math.abs(low), Math.abs(low + span));
  if (wanted < MIN_SPAN * size || wanted > MAX_SPAN * Math.max(size, 1)) return range;
  const start = low + fraction * (span - wanted);
  return checked(range, fromAxis(start, kind), fromAxis(start + wanted, kind));
}

/** Moves a range up by a fraction of its height. */
export function pan(range: Range, fraction: number, kind: ScaleKind): Range {
  return checked(range, valueAt(fraction, range, kind), valueAt(1 + fraction, range, kind));
}

/** Returns the new range, or the old one if the new one exceeds the range of a double. */
function checked(before: Range, min: number, max: number): Range {
  return min < max && Number.isFinite(max - min) ? { min, max } : before;
}

function onAxis(values: readonly number[], kind: ScaleKind): number[] {
  return values.filter((value) => fitsAxis(value, kind)).map((value) => toAxis(value, kind));
}

/** Quantile by linear interpolation between order statistics; NaN without values. */
function quantile(sorted: readonly number[], fraction: number): number {
  const position = fraction * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (position - Math.floor(position)) * (above - below);
}

/** Range with a margin above and below; not below zero if no value is. */
function padded(positions: readonly number[], kind: ScaleKind): Range | null {
  if (positions.length === 0) return null;
  const low = positions.reduce((a, b) => Math.min(a, b));
  const high = positions.reduce((a, b) => Math.max(a, b));
  const flat = high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  const margin = flat ? marginAroundOneValue(low, kind) : (high - low) * PADDING;
  const bottom = kind === 'linear' && low >= 0 ? Math.max(0, low - margin) : low - margin;
  return { min: fromAxis(bottom, kind), max: fromAxis(high + margin, kind) };
}

function marginAroundOneValue(position: number, kind: ScaleKind): number {
  if (kind === 'logarithmic') return 0.2;
  return Math.abs(position) * 0.1 || 1;
}

/** Fewest and most marks of a logarithmic axis that are powers of ten only. */
const DECADES = 2;

/** Round numbers from a low to a high one, at most about `most`. */
export function roundTicks(low: number, high: number, most: number): number[] {
  const rough = (high - low) / Math.max(1, most);
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((each) => each * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, i) => (first + i) * step);
}

/** Marks of a logarithmic axis: powers of ten, or round numbers if there are few of them. */
export function logTicks(low: number, high: number, most: number): number[] {
  const first = Math.ceil(Math.log10(low));
  const count = Math.floor(Math.log10(high)) - first + 1;
  if (count < DECADES) return roundTicks(low, high, most);
  const every = Math.ceil(count / most);
  return Array.from({ length: Math.ceil(count / every) }, (_, i) => 10 ** (first + i * every));
}

/** Digits of a number on an axis. */
const DIGITS = 4;

/** A number on an axis, such as 2500, 0.05 or 1e-7. */
export function tickLabel(value: number): string {
  const rounded = Number(value.toPrecision(DIGITS));
  const size = Math.abs(rounded);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? rounded.toExponential().replace('e+', 'e') : String(rounded);
}

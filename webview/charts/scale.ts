export type ScaleKind = 'linear' | 'logarithmic';

/** Ends of an axis or of a part of it, min < max. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

const LARGEST_EXPONENT = 300;

/** Returns the position of a value along an axis, up to shift and scale: the value, or its decimal logarithm. */
export function toAxis(value: number, kind: ScaleKind): number {
  return kind === 'linear' ? value : Math.log10(value);
}

/** Inverse of `toAxis`, limited to the range of a double. */
export function fromAxis(position: number, kind: ScaleKind): number {
  if (kind === 'linear') return position;
  return 10 ** Math.min(Math.max(position, -LARGEST_EXPONENT), LARGEST_EXPONENT);
}

/** True if an axis of this kind can show the value. */
export function fitsAxis(value: number, kind: ScaleKind): boolean {
  return Number.isFinite(value) && (kind === 'linear' || value >= 10 ** -LARGEST_EXPONENT);
}

/** Returns the position of a value in a range: 0 at min, 1 at max, beyond these outside. */
export function fractionOf(value: number, { min, max }: Range, kind: ScaleKind): number {
  const low = toAxis(min, kind);
  return (toAxis(value, kind) - low) / (toAxis(max, kind) - low);
}

/** Returns the value at a fraction of a range, the inverse of `fractionOf`. */
export function valueAt(fraction: number, { min, max }: Range, kind: ScaleKind): number {
  const low = toAxis(min, kind);
  return fromAxis(low + fraction * (toAxis(max, kind) - low), kind);
}

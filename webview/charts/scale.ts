export type ScaleKind = 'linear' | 'logarithmic';

/** Both ends of an axis or of a part of it, min < max. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

const LARGEST_EXPONENT = 300;

/** Where a value lies along an axis, up to shift and scale: itself, or its decimal logarithm. */
export function toAxis(value: number, kind: ScaleKind): number {
  return kind === 'linear' ? value : Math.log10(value);
}

/** The inverse of `toAxis`; it stays within the range of a double. */
export function fromAxis(position: number, kind: ScaleKind): number {
  if (kind === 'linear') return position;
  return 10 ** Math.min(Math.max(position, -LARGEST_EXPONENT), LARGEST_EXPONENT);
}

/** Whether an axis of this kind has a place for the value. */
export function fitsAxis(value: number, kind: ScaleKind): boolean {
  return Number.isFinite(value) && (kind === 'linear' || value >= 10 ** -LARGEST_EXPONENT);
}

/** Where a value lies between the ends of a range: 0 at min, 1 at max, beyond that outside. */
export function shareOf(value: number, { min, max }: Range, kind: ScaleKind): number {
  const low = toAxis(min, kind);
  return (toAxis(value, kind) - low) / (toAxis(max, kind) - low);
}

/** The value at a share of a range, the inverse of `shareOf`. */
export function valueAt(share: number, { min, max }: Range, kind: ScaleKind): number {
  const low = toAxis(min, kind);
  return fromAxis(low + share * (toAxis(max, kind) - low), kind);
}

/**
 * Moves overlapping labels apart. All values are in pixels, y downwards. If the labels do not fit, the last ones extend
 * beyond `top`.
 * @param wanted preferred centers
 * @param height of a label
 * @returns centers in the order of `wanted`, each as close to its preferred center as the others allow
 */
export function spreadLabels(wanted: readonly number[], height: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const placed = [...wanted];

  let free = top + height / 2;
  for (const i of order) {
    const center = Math.max(placed[i] ?? 0, free);
    placed[i] = center;
    free = center + height;
  }
  let limit = bottom - height / 2;
  for (const i of order.toReversed()) {
    const center = Math.min(placed[i] ?? 0, limit);
    placed[i] = center;
    limit = center - height;
  }
  return placed;
}

/** Part of an axis, in pixels. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

/**
 * Returns the center of a label of the given length between `top` and `bottom`: the free position closest to the middle
 * that covers none of the `taken` parts, or the bottom position if none is free.
 */
export function freeCenter(length: number, top: number, bottom: number, taken: readonly Extent[]): number {
  const [first, last] = [top + length / 2, bottom - length / 2];
  const middle = (top + bottom) / 2;
  const isFree = (center: number) =>
    center >= first &&
    center <= last &&
    taken.every(({ from, to }) => center + length / 2 <= from || center - length / 2 >= to);
  const candidates = [middle, last, ...taken.flatMap(({ from, to }) => [from - length / 2, to + length / 2]), first];
  const free = candidates.filter(isFree).sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  return free[0] ?? last;
}

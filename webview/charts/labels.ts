/**
 * Moves labels apart that would cover each other. Takes the wanted centers, the height of a label and the
 * ends of the space, all in pixels with y downwards; returns the centers in the same order, each as near to
 * where it was wanted as the others allow. If there is no room for all, the last ones overlap the end.
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

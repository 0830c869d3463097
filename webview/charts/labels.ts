/**
 * Moves labels apart that would cover each other. Takes the wanted centres, the height of a label and the
 * ends of the space, all in pixels with y downwards; returns the centres in the same order, each as near to
 * where it was wanted as the others allow. If there is no room for all, the last ones overlap the end.
 */
export function spreadLabels(wanted: readonly number[], height: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const placed = [...wanted];

  let free = top + height / 2;
  for (const i of order) {
    const centre = Math.max(placed[i] ?? 0, free);
    placed[i] = centre;
    free = centre + height;
  }
  let limit = bottom - height / 2;
  for (const i of order.toReversed()) {
    const centre = Math.min(placed[i] ?? 0, limit);
    placed[i] = centre;
    limit = centre - height;
  }
  return placed;
}

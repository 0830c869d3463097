/** A rectangle in pixels, y downwards. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A place where a label may be. */
export interface Place {
  readonly box: Box;
  /** True for a label that is written from bottom to top. */
  readonly upright: boolean;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Cost of a point of a curve under a label, and of a place that is one later in the order of preference. */
const COVERED = 1;
const LATER = 0.5;

/**
 * Chooses a place for each label. No label overlaps another one or leaves the area; among the other places, the one that
 * covers the fewest points wins, and the first of equal ones. Null for a label without a free place.
 * @param labels places of each label, the preferred one first
 * @param points points of curves and lines that should stay visible
 */
export function placeLabels(
  labels: readonly (readonly Place[])[],
  area: Box,
  points: readonly Point[],
): (Place | null)[] {
  const taken: Box[] = [];
  return labels.map((places) => {
    let best: Place | null = null;
    let least = Infinity;
    for (const [i, place] of places.entries()) {
      const cost = i * LATER;
      if (cost >= least) break;
      if (!isWithin(place.box, area) || taken.some((box) => overlap(box, place.box))) continue;
      const total = cost + COVERED * points.filter((point) => covers(place.box, point)).length;
      if (total >= least) continue;
      best = place;
      least = total;
    }
    if (best) taken.push(best.box);
    return best;
  });
}

/** True if two boxes have a point inside both. */
export function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** True if a box does not leave an area. */
export function isWithin(box: Box, area: Box): boolean {
  return box.left >= area.left && box.right <= area.right && box.top >= area.top && box.bottom <= area.bottom;
}

function covers({ left, right, top, bottom }: Box, { x, y }: Point): boolean {
  return x > left && x < right && y > top && y < bottom;
}

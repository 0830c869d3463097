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
  /** How far it is from the preferred place, in points of a curve that it may cover instead. */
  readonly cost: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Chooses a place for each label. No label overlaps another one or leaves the area; among the other places, the one that
 * costs least and covers the fewest points wins. Null for a label without a free place.
 * @param labels places of each label
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
    for (const place of places) {
      if (place.cost >= least || !isWithin(place.box, area) || taken.some((box) => overlap(box, place.box))) continue;
      const total = place.cost + points.filter((point) => covers(place.box, point)).length;
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

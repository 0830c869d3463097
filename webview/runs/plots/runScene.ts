/** Place on a plot in pixels from its left top corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Rectangle in pixels. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Distance in pixels at which a pointer is on a run. */
export const REACH = 10;

/** Where runs are on a plot. */
export interface RunScene {
  /** Ids of the drawn runs, in the order in which the arrow keys visit them. */
  readonly order: readonly string[];
  /** The run at a place; null for none. */
  runAt(place: Place, size: Size): string | null;
  /** Place of a run, next to which it is described; null if it is not drawn. */
  placeOf(id: string, size: Size): Place | null;
  /** The rectangle that a drag between two places selects. */
  dragged(from: Place, to: Place, size: Size): Box;
  /** Lines that describe a run: its name first. */
  describe(id: string): readonly string[];
}

/** The rectangle between two places. */
export function boxBetween(from: Place, to: Place): Box {
  return {
    left: Math.min(from.x, to.x),
    right: Math.max(from.x, to.x),
    top: Math.min(from.y, to.y),
    bottom: Math.max(from.y, to.y),
  };
}

export function distance(a: Place, b: Place): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Distance of a place from the line between two others. */
export function distanceToLine(place: Place, a: Place, b: Place): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((place.x - a.x) * dx + (place.y - a.y) * dy) / length));
  return distance(place, { x: a.x + along * dx, y: a.y + along * dy });
}

/** The area of a plot within its margins, which are widths in pixels; at least a pixel wide and high. */
export function areaWithin({ width, height }: Size, margins: Box): Box {
  return {
    left: margins.left,
    right: Math.max(margins.left + 1, width - margins.right),
    top: margins.top,
    bottom: Math.max(margins.top + 1, height - margins.bottom),
  };
}

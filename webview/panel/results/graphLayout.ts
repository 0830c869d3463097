/** Layout of a graph with nodes on a circle and curved arrows, in a drawing of SIZE by SIZE. */

export const SIZE = 480;
const CENTER = SIZE / 2;
/** Distance of a loop's control points from the edge of its node. */
const LOOP = 26;
/** Space between the circle and the edge of the drawing, for loops and names. */
const MARGIN = 78;
const SMALLEST_RADIUS = 6;
const LARGEST_RADIUS = 30;
/** Radius of a node as a fraction of the distance to its neighbor. */
const RADIUS_TO_GAP = 0.38;
/** Smallest radius of a node that holds its name. */
const NAME_RADIUS = 18;
/** Gap between a loop and a name outside the circle. */
const NAME_GAP = 6;
/** Cosine below which a name is above or below its node rather than next to it. */
const UPRIGHT = 0.2;
/** Offset of the middle of an arrow, as a fraction of its length. */
const BEND = 0.14;
/** Space for the head of an arrow. */
const HEAD = 3;
/** Angles from the axis of a loop to its ends and to its control points, in radians. */
const LOOP_END_ANGLE = 0.5;
const LOOP_CONTROL_ANGLE = 0.6;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Circle {
  readonly centers: readonly Point[];
  /** Radius of each node. */
  readonly radius: number;
}

/** Places nodes clockwise from the top, as large as the space between them allows. */
export function circleOf(count: number): Circle {
  const ring = count < 2 ? 0 : CENTER - MARGIN;
  const centers = Array.from({ length: count }, (_, i) => {
    const angle = angleOf(i, count);
    return { x: CENTER + ring * Math.cos(angle), y: CENTER + ring * Math.sin(angle) };
  });
  const gap = count < 2 ? CENTER : 2 * ring * Math.sin(Math.PI / count);
  return { centers, radius: Math.max(SMALLEST_RADIUS, Math.min(LARGEST_RADIUS, RADIUS_TO_GAP * gap)) };
}

/** Returns the position of a name: inside a large node, outside the circle for a small one. */
export function namePlace(
  { centers, radius }: Circle,
  node: number,
): Point & { readonly anchor: 'start' | 'middle' | 'end' } {
  const { x, y } = centers[node] ?? { x: CENTER, y: CENTER };
  if (radius >= NAME_RADIUS) return { x, y, anchor: 'middle' };
  const angle = angleOf(node, centers.length);
  const away = radius + NAME_GAP + LOOP;
  const anchor = Math.abs(Math.cos(angle)) < UPRIGHT ? 'middle' : Math.cos(angle) > 0 ? 'start' : 'end';
  return { x: x + away * Math.cos(angle), y: y + away * Math.sin(angle), anchor };
}

/**
 * Returns the SVG path of an arrow, from edge to edge. Arrows bend to one side, so that those in opposite directions
 * are separate. An arrow from a node to itself is a loop outside the circle.
 */
export function arrowPath({ centers, radius }: Circle, from: number, to: number): string {
  const a = centers[from] ?? { x: 0, y: 0 };
  const b = centers[to] ?? { x: 0, y: 0 };
  if (from === to) {
    const angle = angleOf(from, centers.length);
    const [start, end] = [
      pointAt(a, angle - LOOP_END_ANGLE, radius),
      pointAt(a, angle + LOOP_END_ANGLE, radius + HEAD),
    ];
    const [first, second] = [
      pointAt(a, angle - LOOP_CONTROL_ANGLE, radius + LOOP),
      pointAt(a, angle + LOOP_CONTROL_ANGLE, radius + LOOP),
    ];
    return `M${coordinates(start)} C${coordinates(first)} ${coordinates(second)} ${coordinates(end)}`;
  }
  const direction = Math.atan2(b.y - a.y, b.x - a.x);
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const bend = {
    x: (a.x + b.x) / 2 + BEND * length * Math.sin(direction),
    y: (a.y + b.y) / 2 - BEND * length * Math.cos(direction),
  };
  const start = pointAt(a, Math.atan2(bend.y - a.y, bend.x - a.x), radius);
  const end = pointAt(b, Math.atan2(bend.y - b.y, bend.x - b.x), radius + HEAD);
  return `M${coordinates(start)} Q${coordinates(bend)} ${coordinates(end)}`;
}

function angleOf(node: number, count: number): number {
  return -Math.PI / 2 + (2 * Math.PI * node) / count;
}

function pointAt({ x, y }: Point, angle: number, distance: number): Point {
  return { x: x + distance * Math.cos(angle), y: y + distance * Math.sin(angle) };
}

function coordinates({ x, y }: Point): string {
  return `${x.toFixed(1)},${y.toFixed(1)}`;
}

/** Nodes on a circle, and the arrows between them as curves, in a drawing of SIZE by SIZE. */

export const SIZE = 480;
const CENTER = SIZE / 2;
const LOOP = 26;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Circle {
  readonly centers: readonly Point[];
  /** Of each node. */
  readonly radius: number;
}

/** The first node at the top, the others clockwise; as large as leaves room between two. */
export function circleOf(count: number): Circle {
  const ring = count < 2 ? 0 : CENTER - 78;
  const centers = Array.from({ length: count }, (_, i) => {
    const angle = angleOf(i, count);
    return { x: CENTER + ring * Math.cos(angle), y: CENTER + ring * Math.sin(angle) };
  });
  const gap = count < 2 ? CENTER : 2 * ring * Math.sin(Math.PI / count);
  return { centers, radius: Math.max(6, Math.min(30, 0.38 * gap)) };
}

/** Where a name goes: inside of a large node, outside of the circle for a small one. */
export function namePlace(
  { centers, radius }: Circle,
  node: number,
): Point & { readonly anchor: 'start' | 'middle' | 'end' } {
  const { x, y } = centers[node] ?? { x: CENTER, y: CENTER };
  if (radius >= 18) return { x, y, anchor: 'middle' };
  const angle = angleOf(node, centers.length);
  const away = radius + 6 + LOOP;
  const anchor = Math.abs(Math.cos(angle)) < 0.2 ? 'middle' : Math.cos(angle) > 0 ? 'start' : 'end';
  return { x: x + away * Math.cos(angle), y: y + away * Math.sin(angle), anchor };
}

/**
 * The curve of an arrow, from edge to edge: bent to one side, so that an arrow and its return lie apart; a node's arrow
 * to itself is a loop outside of the circle.
 */
export function arrowPath({ centers, radius }: Circle, from: number, to: number): string {
  const a = centers[from] ?? { x: 0, y: 0 };
  const b = centers[to] ?? { x: 0, y: 0 };
  if (from === to) {
    const angle = angleOf(from, centers.length);
    const [start, end] = [moved(a, angle - 0.5, radius), moved(a, angle + 0.5, radius + 3)];
    const [first, second] = [moved(a, angle - 0.6, radius + LOOP), moved(a, angle + 0.6, radius + LOOP)];
    return `M${at(start)} C${at(first)} ${at(second)} ${at(end)}`;
  }
  const direction = Math.atan2(b.y - a.y, b.x - a.x);
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const bend = {
    x: (a.x + b.x) / 2 + 0.14 * length * Math.sin(direction),
    y: (a.y + b.y) / 2 - 0.14 * length * Math.cos(direction),
  };
  const start = moved(a, Math.atan2(bend.y - a.y, bend.x - a.x), radius);
  const end = moved(b, Math.atan2(bend.y - b.y, bend.x - b.x), radius + 3);
  return `M${at(start)} Q${at(bend)} ${at(end)}`;
}

function angleOf(node: number, count: number): number {
  return -Math.PI / 2 + (2 * Math.PI * node) / count;
}

function moved({ x, y }: Point, angle: number, distance: number): Point {
  return { x: x + distance * Math.cos(angle), y: y + distance * Math.sin(angle) };
}

function at({ x, y }: Point): string {
  return `${x.toFixed(1)},${y.toFixed(1)}`;
}

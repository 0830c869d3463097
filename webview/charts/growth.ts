import type { Points } from './points.ts';
import type { Scene, Stroke } from './scene.ts';

/** A scene that has grown up to an x, and its share of the time. */
export interface GrownScene {
  readonly scene: Scene;
  /** Place of the newest points on the x axis. */
  readonly x: number;
  readonly span: number;
}

/** A scene with its curves and bands up to an x, on the axes of the whole. */
function sceneUpTo(scene: Scene, x: number): Scene {
  return {
    ...scene,
    strokes: scene.strokes.map((stroke) => strokeUpTo(stroke, x)),
    bands: scene.bands.map((band) => ({ ...band, outline: band.outline.filter((point) => point.x <= x) })),
    marks: scene.marks.filter((mark) => mark.x <= x),
  };
}

/**
 * The stages in which the curves of a scene grow at an even speed along the x axis. A stage without new points is part
 * of the one before.
 * @param limit largest number of stages, at least 2
 */
export function growthOf(scene: Scene, limit: number): GrownScene[] {
  const xs = [...new Set(scene.strokes.flatMap(({ points }) => points.x))].sort((a, b) => a - b);
  const { min, max } = scene.x;
  const stages: { readonly x: number; span: number }[] = [];
  let next = 0;
  for (let i = 1; i <= limit; i++) {
    const end = i === limit ? Infinity : min + ((max - min) * i) / limit;
    const before = next;
    while (next < xs.length && (xs[next] ?? Infinity) <= end) next++;
    const last = stages.at(-1);
    if (next === before && last) last.span++;
    else stages.push({ x: xs[next - 1] ?? min, span: 1 });
  }
  return stages.map(({ x, span }) => ({ scene: sceneUpTo(scene, x), x, span }));
}

function strokeUpTo(stroke: Stroke, x: number): Stroke {
  const { points, radii } = stroke;
  const count = countUpTo(points, x);
  return {
    ...stroke,
    points: { x: points.x.slice(0, count), y: points.y.slice(0, count) },
    radii: typeof radii === 'number' ? radii : radii.slice(0, count),
  };
}

/** Number of points up to an x; the points are in order of x. */
function countUpTo({ x: xs }: Points, x: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? Infinity) <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

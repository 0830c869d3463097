import { type Box, type Place, placeLabels, type Point } from './labels.ts';
import { formatNumber } from './number.ts';
import { fractionOf } from './scale.ts';
import type { Scene } from './scene.ts';

/** A label of a reference line or a mark, at its place. */
interface PlacedLabel extends Place {
  readonly text: string;
}

/** Lines and labels on a chart, in pixels. */
export interface Annotations {
  /** Positions of the reference lines within the plot. */
  readonly lines: readonly number[];
  /** Positions of the vertical lines. */
  readonly marks: readonly number[];
  /** Labels that have a free place. A label of a line outside the plot has an arrow. */
  readonly labels: readonly PlacedLabel[];
}

/** Height of a label in pixels, for a font of about 11 pixels, and space at both ends of its text. */
const HEIGHT = 14;
const PADDING = 4;
/** Space between a label and its line, and between a label and the edge of the plot. */
const GAP = 2;
/** Distance of the points at which curves are looked at, in pixels. */
const SAMPLE = 4;
/** Rows above and below a line in which its label may be. */
const ROWS = 4;
/**
 * Costs of a place: for each row between a label and its line, which may belong to another line; below the line; and for
 * each place along the line before it.
 */
const FAR = 15;
const BELOW = 2;
const ASIDE = 0.5;

/**
 * Places the reference lines and marks of a chart, and their labels: next to their lines, without overlaps, inside the
 * plot, and off the curves where that is possible.
 * @param widthOf width of a text in pixels
 */
export function annotate(scene: Scene, plot: Box, widthOf: (text: string) => number): Annotations {
  if (scene.references.length === 0 && scene.marks.length === 0) return { lines: [], marks: [], labels: [] };
  const xOf = (x: number) => plot.left + fractionOf(x, scene.x, 'linear') * (plot.right - plot.left);
  const yOf = (y: number) => plot.bottom - fractionOf(y, scene.y, scene.kind) * (plot.bottom - plot.top);
  const area = { left: plot.left + GAP, right: plot.right - GAP, top: plot.top + GAP, bottom: plot.bottom - GAP };
  const references = scene.references.map(({ label, value }) => {
    const at = yOf(value);
    // A log axis has no place for zero and below.
    const y = Number.isNaN(at) ? Infinity : at;
    const arrow = y < plot.top ? '\u2191 ' : y > plot.bottom ? '\u2193 ' : '';
    return { y, inside: arrow === '', text: `${arrow}${label} ${formatReference(value)}` };
  });
  const lines = references.filter(({ inside }) => inside).map(({ y }) => y);
  const marks = scene.marks.map(({ x, label }) => ({ x: xOf(x), text: label }));
  const labels = [
    ...references.map(({ y, text }) => ({ text, places: besideLine(y, widthOf(text) + 2 * PADDING, area) })),
    ...marks.map(({ x, text }) => ({ text, places: besideMark(x, widthOf(text) + 2 * PADDING, area) })),
  ];
  const points: Point[] = [];
  for (const { points: curve } of scene.strokes) addAlong(points, curve.x, curve.y, xOf, yOf);
  for (const y of lines) addBetween(points, plot.left, y, plot.right, y);
  for (const { x } of marks) addBetween(points, x, plot.top, x, plot.bottom);
  const places = placeLabels(
    labels.map((label) => label.places),
    area,
    points,
  );
  return {
    lines,
    marks: marks.map(({ x }) => x),
    labels: labels.flatMap(({ text }, i) => {
      const place = places[i];
      return place ? [{ text, ...place }] : [];
    }),
  };
}

/** Center of a label, around which it is written. */
export function centerOf({ left, right, top, bottom }: Box): { readonly x: number; readonly y: number } {
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}

function formatReference(value: number): string {
  return value < 0.01 || value >= 100 ? formatNumber(value) : value.toFixed(2);
}

/**
 * Places of the label of a horizontal line: above it and below it, at the right end first. Those of a line outside the
 * plot are at the edge that is nearest to it.
 */
function besideLine(y: number, width: number, area: Box): Place[] {
  const lefts = [1, 0, 0.5, 0.75, 0.25].map((at) => area.left + at * (area.right - area.left - width));
  const above = Math.min(Math.max(y - HEIGHT - GAP, area.top), area.bottom - HEIGHT);
  const tops = Array.from({ length: ROWS }, (_, row) => [
    { top: above - row * HEIGHT, cost: row * FAR },
    { top: y + GAP + row * HEIGHT, cost: BELOW + row * FAR },
    { top: above + row * HEIGHT, cost: BELOW + row * FAR },
  ]).flat();
  return tops.flatMap(({ top, cost }) =>
    lefts.map((left, i) => ({
      box: { left, right: left + width, top, bottom: top + HEIGHT },
      upright: false,
      cost: cost + i * ASIDE,
    })),
  );
}

/** Places of the label of a vertical line: along it on the side with more space, on the other side, or across. */
function besideMark(x: number, length: number, area: Box): Place[] {
  const after = x < (area.left + area.right) / 2;
  const sides = after ? [1, -1] : [-1, 1];
  const start = (side: number, width: number) => (side > 0 ? x + GAP : x - GAP - width);
  const upright = sides.flatMap((side) =>
    [0.5, 0.25, 0.75, 0, 1].map((at): Place => {
      const left = start(side, HEIGHT);
      const top = area.top + at * (area.bottom - area.top - length);
      return { box: { left, right: left + HEIGHT, top, bottom: top + length }, upright: true, cost: 0 };
    }),
  );
  const rows = Math.max(0, Math.floor((area.bottom - area.top) / HEIGHT));
  const across = sides.flatMap((side) =>
    Array.from({ length: rows }, (_, row): Place => {
      const left = start(side, length);
      const top = area.top + row * HEIGHT;
      return { box: { left, right: left + length, top, bottom: top + HEIGHT }, upright: false, cost: 0 };
    }),
  );
  return [...upright, ...across].map((place, i) => ({ ...place, cost: i * ASIDE }));
}

/**
 * Adds the points along a curve, a few pixels apart. They are added to one list, because a chart has ten thousands of
 * them and is drawn ten times a second.
 */
function addAlong(
  points: Point[],
  xs: readonly number[],
  ys: readonly (number | null)[],
  xOf: (x: number) => number,
  yOf: (y: number) => number,
): void {
  let before: Point | undefined;
  xs.forEach((value, i) => {
    const y = ys[i];
    const point = y == null ? undefined : { x: xOf(value), y: yOf(y) };
    if (point && before) addBetween(points, before.x, before.y, point.x, point.y);
    else if (point) points.push(point);
    before = point;
  });
}

/** Adds points from one end of a line to the other, without the first one. */
function addBetween(points: Point[], x1: number, y1: number, x2: number, y2: number): void {
  const steps = Math.max(1, Math.min(1000, Math.ceil(Math.hypot(x2 - x1, y2 - y1) / SAMPLE)));
  for (let i = 1; i <= steps; i++) points.push({ x: x1 + (i / steps) * (x2 - x1), y: y1 + (i / steps) * (y2 - y1) });
}

import type { Rgb } from './raster.ts';

/** Colors of a picture: its background, its text, its axes and its grid. */
export const PAPER: Rgb = [255, 255, 255];
export const INK: Rgb = [36, 36, 36];
export const MUTED: Rgb = [96, 96, 96];
export const GRID: Rgb = [226, 226, 226];
/** A cell without a value. */
export const HOLE: Rgb = [200, 200, 200];

/** Colors of lines that also people who see fewer colors tell apart. */
export const LINES: readonly Rgb[] = [
  [0, 105, 180],
  [214, 94, 0],
  [0, 140, 100],
  [190, 80, 150],
  [90, 70, 190],
  [150, 110, 0],
  [60, 160, 215],
  [180, 30, 45],
  [90, 90, 90],
  [120, 180, 40],
];

/** Evenly spaced colors from the lowest to the highest value: of values with both signs, and of others. */
const DIVERGING: readonly Rgb[] = [
  [8, 60, 140],
  [66, 140, 216],
  [244, 244, 244],
  [226, 96, 76],
  [140, 14, 20],
];
const SEQUENTIAL: readonly Rgb[] = [
  [255, 250, 226],
  [252, 190, 110],
  [220, 92, 92],
  [122, 36, 112],
  [34, 12, 66],
];

/** Color of a value. @param share place between the lowest value, 0, and the highest, 1 */
export function mapColor(share: number, isDiverging: boolean): Rgb {
  const stops = isDiverging ? DIVERGING : SEQUENTIAL;
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const [before = PAPER, after = before] = stops.slice(Math.floor(place));
  const mix = (i: 0 | 1 | 2) => Math.round(before[i] + (place % 1) * (after[i] - before[i]));
  return [mix(0), mix(1), mix(2)];
}

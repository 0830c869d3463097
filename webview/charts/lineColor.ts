import type { ColorName, LineColor } from './spec.ts';

/** CSS colors of the curves. */
export interface LineColors {
  readonly colors: Readonly<Record<ColorName, string>>;
  /** Colors of runs, by slot. */
  readonly runColors: readonly string[];
}

/** CSS color of a curve. */
export function lineColor({ colors, runColors }: LineColors, color: LineColor): string {
  if (typeof color === 'number') return runColors[color] ?? '';
  return isRgb(color) ? color : colors[color];
}

function isRgb(color: LineColor): color is `#${string}` {
  return String(color).startsWith('#');
}

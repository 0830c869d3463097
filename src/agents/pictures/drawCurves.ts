import { shortened } from '../../format/shortened.ts';
import type { CurvesPicture } from '../../protocol/agentPicture.ts';
import { GRID, INK, LINES, MUTED, PAPER } from './colors.ts';
import { Raster, TEXT_HEIGHT, widthOf } from './raster.ts';
import { logTicks, roundTicks, tickLabel } from './ticks.ts';

/** Size of the picture, and its margins. */
const [WIDTH, HEIGHT] = [760, 440];
const MARGIN = { left: 84, right: 20, top: 40, bottom: 56 };
/** Longest label and longest title in characters. */
const [LABEL, TITLE] = [40, 58];
/** Ratio of the values from which on the axis is logarithmic. */
const WIDE = 50;
/** Width of a curve, and radius of the dot of a curve with a single point. */
const [STROKE, DOT] = [2.5, 6];
const LEGEND_LINE = TEXT_HEIGHT + 6;
/** Width of the sample of a line in the legend, and the space after it. */
const [SAMPLE, SPACE] = [24, 8];

/** A line chart with axes and labels. */
export function drawCurves({ title, unit, curves }: CurvesPicture): Raster {
  const legend = legendRows(curves.map(({ label }) => shortened(label, LABEL)));
  const top = MARGIN.top + legend.height + 8;
  const raster = new Raster(WIDTH, HEIGHT + legend.height, PAPER);
  const plot = { left: MARGIN.left, right: WIDTH - MARGIN.right, top, bottom: raster.height - MARGIN.bottom };
  raster.text(shortened(unit === '' ? title : `${title} (${unit})`, TITLE), { x: 16, y: 14 }, INK);
  legend.entries.forEach(({ label, x, y }, i) => {
    const middle = MARGIN.top + y + TEXT_HEIGHT / 2 - 1;
    raster.fill({ x, y: middle - 2, width: SAMPLE, height: 4 }, colorOf(i));
    raster.text(label, { x: x + SAMPLE + SPACE, y: MARGIN.top + y }, INK);
  });
  const points = curves.flatMap((curve) => curve.points);
  const values = points.flatMap(([, y]) => y ?? []);
  if (values.length === 0) {
    raster.text('No points yet.', { x: WIDTH / 2, y: (plot.top + plot.bottom) / 2 }, MUTED, 'middle');
    return raster;
  }
  const steps = points.map(([x]) => x);
  const xOf = axis(Math.min(0, ...steps), Math.max(1, ...steps), plot.left, plot.right, false);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const isLog = low > 0 && high / low > WIDE;
  const space = high > low ? 0.04 * (high - low) : Math.max(1e-9, 0.1 * Math.abs(high));
  const range = isLog ? ([low / 1.1, high * 1.1] as const) : ([low - space, high + space] as const);
  const yOf = axis(...range, plot.bottom, plot.top, isLog);
  for (const value of isLog ? logTicks(...range, 6) : roundTicks(...range, 6)) {
    const y = Math.round(yOf(value));
    raster.fill({ x: plot.left, y, width: plot.right - plot.left, height: 1 }, GRID);
    raster.text(tickLabel(value), { x: plot.left - 10, y: y - TEXT_HEIGHT / 2 + 1 }, MUTED, 'end');
  }
  for (const value of roundTicks(0, Math.max(1, ...steps), 6)) {
    raster.fill({ x: xOf(value), y: plot.bottom, width: 1, height: 6 }, MUTED);
    const text = tickLabel(value);
    const x = Math.min(xOf(value), WIDTH - 4 - widthOf(text) / 2);
    raster.text(text, { x, y: plot.bottom + 12 }, MUTED, 'middle');
  }
  raster.fill({ x: plot.left, y: plot.bottom, width: plot.right - plot.left, height: 1 }, MUTED);
  raster.text('step', { x: (plot.left + plot.right) / 2, y: plot.bottom + 34 }, MUTED, 'middle');
  curves.forEach((curve, i) => {
    let before: { readonly x: number; readonly y: number } | undefined;
    for (const [step, value] of curve.points) {
      const at = value === null ? undefined : { x: xOf(step), y: yOf(value) };
      if (before && at) raster.line(before, at, colorOf(i), STROKE);
      before = at;
    }
    const [only, ...others] = curve.points;
    if (only?.[1] != null && others.length === 0) {
      const at = { x: xOf(only[0]), y: yOf(only[1]) };
      raster.line(at, at, colorOf(i), DOT);
    }
  });
  return raster;
}

function colorOf(curve: number) {
  return LINES[curve % LINES.length] ?? INK;
}

/** Maps values to places between two. */
function axis(low: number, high: number, from: number, to: number, isLog: boolean): (value: number) => number {
  const scale = isLog ? Math.log10 : (value: number) => value;
  const [first, last] = [scale(low), scale(high)];
  return (value) => from + ((scale(value) - first) / (last - first)) * (to - from);
}

/** Places of the entries of the legend, in as many rows as they need. */
function legendRows(labels: readonly string[]) {
  let [x, y] = [16, 0];
  const entries = labels.map((label) => {
    const width = SAMPLE + SPACE + widthOf(label);
    if (x > 16 && x + width > WIDTH - 16) [x, y] = [16, y + LEGEND_LINE];
    const place = { label, x, y };
    x += width + 24;
    return place;
  });
  return { entries, height: y + LEGEND_LINE };
}

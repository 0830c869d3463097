import * as l10n from '@vscode/l10n';
import { formatCount, formatNumber } from './number.ts';
import { dotRadii, finiteValues, LARGE_RADIUS, noPoints, type Points } from './points.ts';
import { fitsAxis, type Range, type ScaleKind } from './scale.ts';
import { smooth } from './smoothing.ts';
import type { ChartSettings, ChartSpec, LineColor, LineSpec, Mark, Reference } from './spec.ts';
import { fitRange, fullRange, withNearMarks } from './yRange.ts';
import { xTexts } from './xTexts.ts';

/** A curve as it is drawn. */
export interface Stroke {
  readonly label: string;
  readonly color: LineColor;
  readonly dash: readonly number[];
  /** True for the raw curve behind a smoothed one. */
  readonly faint: boolean;
  readonly points: Points;
  readonly radii: number | readonly number[];
  /** False for dots without a line. */
  readonly joined: boolean;
}

/** A filled area: its outline, along the lower edge and back along the upper one, within the y axis. */
interface Band {
  readonly color: LineColor;
  readonly outline: readonly { readonly x: number; readonly y: number }[];
}

/** Opacity of a band. */
export const BAND_OPACITY = 0.14;

/** Contents of a chart, for the canvas and for picture files. */
export interface Scene {
  readonly title: string;
  readonly unit: string;
  readonly kind: ScaleKind;
  readonly xName: ChartSpec['xName'];
  readonly describeX?: NonNullable<ChartSpec['describeX']>;
  readonly xPlaces?: NonNullable<ChartSpec['xPlaces']>;
  readonly x: Range;
  readonly y: Range;
  /** Strokes from the bottom to the top, the faint ones first. */
  readonly strokes: readonly Stroke[];
  /** Filled areas behind the strokes. */
  readonly bands: readonly Band[];
  readonly references: readonly Reference[];
  readonly marks: readonly Mark[];
  /** Sentences about values that the chart cannot show. */
  readonly notes: readonly string[];
}

/** Faint curves of more points than this are drawn fainter, because they overlap themselves. */
const DENSE = 400;

/** Returns the opacity of a stroke: less than 1 for the raw curve behind a smoothed one. */
export function opacityOf({ faint, points }: Stroke): number {
  if (!faint) return 1;
  return points.x.length > DENSE ? 0.25 : 0.45;
}

/** Minimum extent of the x axis, so that the first points do not fill the chart. */
const MIN_WIDTH = 10;

/** Builds the scene of a chart; null if no curve has a point. */
export function buildScene(
  spec: ChartSpec,
  curves: ReadonlyMap<string, Points>,
  references: readonly Reference[],
  settings: ChartSettings,
  marks: readonly Mark[] = [],
): Scene | null {
  const kind: ScaleKind = settings.logarithmic ? 'logarithmic' : 'linear';
  const lines = spec.lines.map((line) => ({ line, points: curves.get(line.key) ?? noPoints }));
  if (lines.every(({ points }) => points.x.length === 0)) return null;

  const values = lines.flatMap(({ points }) => finiteValues(points));
  const y = yRange(values, references, settings, kind);
  const strokes = lines.flatMap(({ line, points }) => strokesOf(line, points, settings.smoothing, kind));
  const x = xRange(
    lines.map(({ points }) => points),
    spec.xFits === true,
  );
  return {
    title: spec.title,
    unit: spec.unit,
    kind,
    xName: spec.xName,
    ...(spec.describeX && { describeX: spec.describeX }),
    ...(spec.xPlaces && { xPlaces: spec.xPlaces }),
    x,
    y,
    bands: (spec.bands ?? []).map(({ low, high, color }) => ({
      color,
      outline: [...edge(curves.get(low), y), ...edge(curves.get(high), y).reverse()],
    })),
    strokes: strokes.filter(({ faint }) => faint).concat(strokes.filter(({ faint }) => !faint)),
    references,
    marks: marks.filter((mark) => mark.x >= x.min && mark.x <= x.max),
    notes: notesOn(
      lines.map(({ points }) => points),
      y,
      settings,
      kind,
      spec.xName,
    ),
  };
}

/** Range of the x axis: from 0, or from the first point if it fits the points. */
function xRange(curves: readonly Points[], fits: boolean): Range {
  const last = Math.max(...curves.map((points) => points.x.at(-1) ?? 0));
  if (!fits) return { min: 0, max: Math.max(MIN_WIDTH, last) };
  const first = Math.min(...curves.map((points) => points.x[0] ?? last));
  return { min: first, max: Math.max(first + 1, last) };
}

/** Points of an edge of a band, moved into the range of the y axis; one that is not finite ends at the top. */
function edge(points: Points | undefined, y: Range): { x: number; y: number }[] {
  const { x: xs, y: ys } = points ?? noPoints;
  return xs.map((x, i) => ({ x, y: Math.min(Math.max(ys[i] ?? y.max, y.min), y.max) }));
}

/** Returns the smoothing of a line in steps; 0 if the line is not smoothed. */
export function smoothingOf(line: LineSpec, smoothing: number): number {
  return line.smoothable ? smoothing : 0;
}

function strokesOf(line: LineSpec, points: Points, smoothing: number, kind: ScaleKind): Stroke[] {
  if (points.x.length === 0) return [];
  const { label, color, dash } = line;
  const radiiOf = (drawn: Points) =>
    line.dots === undefined ? dotRadii(drawn) : line.dots === 'only' ? LARGE_RADIUS : 0;
  const raw = { label, color, dash, points: drawable(points, kind), joined: line.dots !== 'only' };
  const steps = smoothingOf(line, smoothing);
  if (steps === 0) return [{ ...raw, faint: false, radii: radiiOf(raw.points) }];
  const smoothed = drawable(smooth(points, steps), kind);
  return [
    { ...raw, dash: [], faint: true, radii: radiiOf(raw.points) },
    { ...raw, points: smoothed, faint: false, radii: smoothed.x.length === 1 ? radiiOf(smoothed) : 0 },
  ];
}

/** Replaces values that a log axis cannot show, zero and below, by gaps. */
function drawable(points: Points, kind: ScaleKind): Points {
  if (kind === 'linear') return points;
  return { x: points.x, y: points.y.map((y) => (y !== null && y > 0 ? y : null)) };
}

function yRange(
  values: readonly number[],
  references: readonly Reference[],
  settings: ChartSettings,
  kind: ScaleKind,
): Range {
  const { range } = settings;
  const marks = references.map(({ value }) => value);
  if (typeof range === 'object' && fitsAxis(range.min, kind)) return range;
  if (range === 'full') return fullRange([...values, ...marks], kind) ?? emptyRange(kind);
  const fit = fitRange(values, kind);
  return fit ? withNearMarks(fit, marks, kind) : (fullRange(marks, kind) ?? emptyRange(kind));
}

/** Range of a chart whose points are all gaps. */
function emptyRange(kind: ScaleKind): Range {
  return kind === 'linear' ? { min: 0, max: 1 } : { min: 0.1, max: 10 };
}

/** Values that a chart does not show. */
interface HiddenValues {
  /** Number of values that are not finite, and the x of the first one. */
  readonly gaps: number;
  readonly firstGap: number | null;
  /** Number of values that a log axis has no place for. */
  readonly offAxis: number;
  /** Number of values above the visible range, and the largest of them. */
  readonly above: number;
  readonly largest: { readonly x: number; readonly y: number };
}

/** Counts in one loop without objects: a chart of many curves has ten thousands of points, and zooms in each frame. */
function hiddenValues(curves: readonly Points[], { max }: Range, kind: ScaleKind): HiddenValues {
  let [gaps, offAxis, above] = [0, 0, 0];
  let firstGap: number | null = null;
  let largest = { x: 0, y: -Infinity };
  for (const points of curves)
    for (let i = 0; i < points.x.length; i++) {
      const x = points.x[i] ?? 0;
      const y = points.y[i] ?? null;
      if (y === null) {
        gaps++;
        firstGap ??= x;
        continue;
      }
      if (!fitsAxis(y, kind)) offAxis++;
      if (y <= max) continue;
      above++;
      if (y > largest.y) largest = { x, y };
    }
  return { gaps, firstGap, offAxis, above, largest };
}

function notesOn(
  curves: readonly Points[],
  y: Range,
  settings: ChartSettings,
  kind: ScaleKind,
  xName: ChartSpec['xName'],
): string[] {
  const { gaps, firstGap, offAxis, above, largest } = hiddenValues(curves, y, kind);
  const at = (x: number) => xTexts[xName].at(formatCount(x));
  const notes: string[] = [];

  if (firstGap !== null)
    notes.push(
      gaps === 1
        ? l10n.t('1 value is not finite and shown as a gap, first at {0}.', at(firstGap))
        : l10n.t('{0} values are not finite and shown as a gap, first at {1}.', gaps, at(firstGap)),
    );

  if (offAxis > 0)
    notes.push(
      offAxis === 1
        ? l10n.t('1 value is zero or negative and not shown on the log axis.')
        : l10n.t('{0} values are zero or negative and not shown on the log axis.', offAxis),
    );

  if (settings.range === 'fit' && above > 0)
    notes.push(
      above === 1
        ? l10n.t(
            '1 point is above the visible range; the largest is {0} at {1}. Select Full to show all points.',
            formatNumber(largest.y),
            at(largest.x),
          )
        : l10n.t(
            '{0} points are above the visible range; the largest is {1} at {2}. Select Full to show all points.',
            above,
            formatNumber(largest.y),
            at(largest.x),
          ),
    );
  return notes;
}

/** Describes the smoothing of a chart's lines for its legend; empty if no line is smoothed. */
export function describeSmoothing(spec: ChartSpec, smoothing: number): string {
  const smoothed = spec.lines.filter((line) => smoothingOf(line, smoothing) > 0);
  if (smoothed.length === 0) return '';
  if (smoothed.length === spec.lines.length) return l10n.t('smoothed over {0} steps, raw values faint', smoothing);
  const which = smoothed.map(({ label }) => label).reduce((all, label) => l10n.t('{0} and {1}', all, label));
  return l10n.t('{0} smoothed over {1} steps, raw values faint', which, smoothing);
}

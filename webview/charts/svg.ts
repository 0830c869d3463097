import { annotate, centerOf } from './annotations.ts';
import { type LineColors, lineColor } from './lineColor.ts';
import { fractionOf } from './scale.ts';
import { BAND_OPACITY, opacityOf, type Scene, type Stroke } from './scene.ts';
import { axisTicks, xTicks } from './ticks.ts';
import { type Attributes, round, svgTag, tag, textTag as text } from './svgTags.ts';
import { xTexts } from './xTexts.ts';

/** Size and CSS colors of a picture file. */
export interface PictureStyle extends LineColors {
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
}

const FRAME = { left: 64, right: 16, top: 56, bottom: 40 };

/** Estimated width of a character in pixels at a font size of 12 pixels; a file cannot measure text. */
const CHARACTER_WIDTH = 6.5;

/** Writes a chart as a self-contained SVG file: title, legend, axes, reference lines, curves. */
export function writeSvg(scene: Scene, style: PictureStyle): string {
  const left = FRAME.left;
  const right = style.width - FRAME.right;
  const top = FRAME.top;
  const bottom = style.height - FRAME.bottom;
  const xOf = (value: number) => left + fractionOf(value, scene.x, 'linear') * (right - left);
  const yOf = (value: number) => bottom - fractionOf(value, scene.y, scene.kind) * (bottom - top);

  const grid = axisTicks(scene.y, scene.kind, (bottom - top) / 40).flatMap(({ value, label }) => [
    line(left, yOf(value), right, yOf(value), { stroke: style.grid }),
    text(left - 8, yOf(value) + 4, label, { fill: style.muted, 'text-anchor': 'end' }),
  ]);
  const columns = xTicks(scene.x, scene, right - left, 90).flatMap(({ value, label }) => [
    text(xOf(value), bottom + 16, label, { fill: style.muted, 'text-anchor': 'middle' }),
  ]);
  const bands = scene.bands.map(({ color, outline }) =>
    tag(
      'polygon',
      {
        points: outline.map(({ x, y }) => `${round(xOf(x))},${round(yOf(y))}`).join(' '),
        fill: lineColor(style, color),
        opacity: BAND_OPACITY,
      },
      '',
    ),
  );
  const curves = scene.strokes.map((stroke) => curve(stroke, xOf, yOf, style));
  const { lines, marks, labels } = annotate(
    scene,
    { left, right, top, bottom },
    (label) => label.length * CHARACTER_WIDTH,
  );
  const annotations = [
    ...lines.map((y) => line(left, y, right, y, { stroke: style.muted, 'stroke-dasharray': '2 4' })),
    ...marks.map((x) => line(x, top, x, bottom, { stroke: style.muted, 'stroke-dasharray': '2 2' })),
  ];
  const texts = labels.map(({ text: label, box, upright }) => {
    const { x, y } = centerOf(box);
    const turned = upright ? { transform: `rotate(-90 ${round(x)} ${round(y)})` } : {};
    return text(x, y, label, {
      fill: style.muted,
      'text-anchor': 'middle',
      'dominant-baseline': 'central',
      ...turned,
    });
  });

  return [
    svgTag(style),
    tag('rect', { width: style.width, height: style.height, fill: style.background }, ''),
    tag('clipPath', { id: 'plot' }, tag('rect', { x: left, y: top, width: right - left, height: bottom - top }, '')),
    text(left, 22, scene.unit ? `${scene.title} (${scene.unit})` : scene.title, {
      fill: style.foreground,
      'font-size': 15,
    }),
    ...legend(scene.strokes, style),
    ...grid,
    ...columns,
    text(right, bottom + 32, xTexts[scene.xName].name, { fill: style.muted, 'text-anchor': 'end' }),
    ...annotations,
    tag(
      'g',
      { 'clip-path': 'url(#plot)', fill: 'none', 'stroke-linejoin': 'round' },
      `\n${[...bands, ...curves].join('\n')}\n`,
    ),
    ...texts,
    '</svg>\n',
  ].join('\n');
}

function legend(strokes: readonly Stroke[], style: PictureStyle): string[] {
  let x = FRAME.left;
  return strokes
    .filter((stroke) => !stroke.faint)
    .flatMap(({ label, color, dash }) => {
      const start = x;
      x += 48 + label.length * 7;
      return [
        line(start, 40, start + 24, 40, {
          stroke: lineColor(style, color),
          'stroke-width': 2,
          'stroke-dasharray': dash.join(' '),
        }),
        text(start + 30, 44, label, { fill: style.foreground }),
      ];
    });
}

/** Returns a curve with its gaps and dots. */
function curve(stroke: Stroke, xOf: (x: number) => number, yOf: (y: number) => number, style: PictureStyle): string {
  const { points, radii, dash, faint, joined } = stroke;
  const color = lineColor(style, stroke.color);
  const dots: string[] = [];
  let path = '';
  let pen = 'M';
  points.x.forEach((at, i) => {
    const value = points.y[i];
    if (value == null) {
      pen = 'M';
      return;
    }
    const x = round(xOf(at));
    const y = round(yOf(value));
    path += `${pen}${x} ${y}`;
    pen = 'L';
    const radius = typeof radii === 'number' ? radii : (radii[i] ?? 0);
    if (radius > 0) dots.push(tag('circle', { cx: x, cy: y, r: radius, fill: color }, ''));
  });
  const attributes = { d: path, stroke: color, 'stroke-width': faint ? 1 : 2, 'stroke-dasharray': dash.join(' ') };
  const joining = joined ? [tag('path', attributes, '')] : [];
  return tag('g', { opacity: opacityOf(stroke) }, [...joining, ...dots].join(''));
}

function line(x1: number, y1: number, x2: number, y2: number, attributes: Attributes): string {
  return tag('line', { x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2), ...attributes }, '');
}

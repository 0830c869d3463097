import type { Theme } from '../charts/theme.ts';
import { svg } from '../dom.ts';
import type { Connection, LayerBox, ModelLayout } from './modelLayout.ts';

const FONT_SIZE = 12;
const RADIUS = 4;
/** Length and half the width of the tip of an arrow, in pixels. */
const TIP = { length: 7, half: 3.5 } as const;
/** Opacity of the color in a box. */
const FILL = 0.16;

/** Color and dash of each kind of connection. */
const KINDS: Readonly<
  Record<Connection['kind'], { readonly color: keyof Theme['colors'] | null; readonly dash: string }>
> = {
  up: { color: null, dash: '' },
  state: { color: 'orange', dash: '' },
  skip: { color: 'orange', dash: '3 3' },
  attention: { color: 'green', dash: '' },
};

/** Draws a model as an SVG element with the colors of a theme, which a file keeps. */
export function drawModel(layout: ModelLayout, theme: Theme, label: string): SVGSVGElement {
  const { width, height, boxes, connections, labels } = layout;
  return svg(
    'svg',
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': label,
      'font-family': theme.font,
      'font-size': FONT_SIZE,
    },
    svg('rect', { width, height, fill: theme.background }),
    ...connections.flatMap((connection) => {
      const stroke = colorOf(connection, theme);
      const line = svg('polyline', {
        points: pointsOf(connection.points),
        fill: 'none',
        stroke,
        'stroke-width': 1.5,
        'stroke-dasharray': KINDS[connection.kind].dash,
      });
      return connection.arrow ? [line, svg('polygon', { points: pointsOf(tipOf(connection)), fill: stroke })] : [line];
    }),
    ...boxes.flatMap((box) => [
      svg('rect', { ...frameOf(box), fill: theme.background }),
      svg('rect', {
        ...frameOf(box),
        rx: RADIUS,
        fill: theme.colors.blue,
        'fill-opacity': FILL,
        stroke: theme.colors.blue,
      }),
      ...textsOf(box).map(({ text, x, y }) => writing(text, x, y, 'middle', theme.foreground)),
    ]),
    ...labels.map(({ text, x, y, anchor, muted }) =>
      writing(text, x, y, anchor, muted ? theme.muted : theme.foreground),
    ),
  );
}

/** The picture as a base64 PNG. @param scale pixels of the file for each pixel of the layout */
export function modelPng(layout: ModelLayout, theme: Theme, scale: number): string {
  const canvas = document.createElement('canvas');
  canvas.width = layout.width * scale;
  canvas.height = layout.height * scale;
  const ctx = canvas.getContext('2d');
  if (!ctx) throw new Error('The browser provides no 2D canvas context for the picture.');
  ctx.scale(scale, scale);
  ctx.fillStyle = theme.background;
  ctx.fillRect(0, 0, layout.width, layout.height);
  ctx.lineWidth = 1.5;
  for (const connection of layout.connections) {
    ctx.strokeStyle = ctx.fillStyle = colorOf(connection, theme);
    ctx.setLineDash(KINDS[connection.kind].dash.split(' ').filter(Boolean).map(Number));
    trace(ctx, connection.points);
    ctx.stroke();
    if (!connection.arrow) continue;
    trace(ctx, tipOf(connection));
    ctx.fill();
  }
  ctx.setLineDash([]);
  ctx.font = `${FONT_SIZE}px ${theme.font}`;
  ctx.textBaseline = 'middle';
  for (const box of layout.boxes) {
    ctx.fillStyle = theme.background;
    ctx.fillRect(box.x, box.y, box.width, box.height);
    ctx.globalAlpha = FILL;
    ctx.fillStyle = theme.colors.blue;
    ctx.fillRect(box.x, box.y, box.width, box.height);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = theme.colors.blue;
    ctx.strokeRect(box.x, box.y, box.width, box.height);
    ctx.textAlign = 'center';
    ctx.fillStyle = theme.foreground;
    for (const { text, x, y } of textsOf(box)) ctx.fillText(text, x, y);
  }
  for (const { text, x, y, anchor, muted } of layout.labels) {
    ctx.textAlign = anchor === 'middle' ? 'center' : anchor;
    ctx.fillStyle = muted ? theme.muted : theme.foreground;
    ctx.fillText(text, x, y);
  }
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}

function colorOf({ kind }: Connection, theme: Theme): string {
  const { color } = KINDS[kind];
  return color ? theme.colors[color] : theme.foreground;
}

function frameOf({ x, y, width, height }: LayerBox) {
  return { x, y, width, height };
}

/** Texts of a box: its name, or the two directions above each other. */
function textsOf({ x, y, width, height, text, halves }: LayerBox): { text: string; x: number; y: number }[] {
  const center = x + width / 2;
  if (!halves) return [{ text, x: center, y: y + height / 2 }];
  return [
    { text: `${text} \u2192`, x: center, y: y + height / 4 },
    { text: `\u2190 ${text}`, x: center, y: y + (3 * height) / 4 },
  ];
}

/** Corners of the tip at the end of a connection. */
function tipOf({ points }: Connection): { x: number; y: number }[] {
  const end = points.at(-1) ?? { x: 0, y: 0 };
  const before = points.at(-2) ?? end;
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1;
  const along = { x: (end.x - before.x) / length, y: (end.y - before.y) / length };
  const base = { x: end.x - TIP.length * along.x, y: end.y - TIP.length * along.y };
  return [
    end,
    { x: base.x - TIP.half * along.y, y: base.y + TIP.half * along.x },
    { x: base.x + TIP.half * along.y, y: base.y - TIP.half * along.x },
  ];
}

function trace(ctx: CanvasRenderingContext2D, points: readonly { x: number; y: number }[]): void {
  ctx.beginPath();
  for (const { x, y } of points) ctx.lineTo(x, y);
}

function pointsOf(points: readonly { x: number; y: number }[]): string {
  return points.map(({ x, y }) => `${Number(x.toFixed(1))},${Number(y.toFixed(1))}`).join(' ');
}

function writing(content: string, x: number, y: number, anchor: string, fill: string): SVGElement {
  const element = svg('text', { x, y, fill, 'text-anchor': anchor, 'dominant-baseline': 'central' });
  element.textContent = content;
  return element;
}

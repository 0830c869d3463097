import { color } from 'chart.js/helpers';
import { lineColor } from './lineColor.ts';
import { opacityOf, type Stroke } from './scene.ts';
import type { Theme } from './theme.ts';

/** Functions from values to pixels. */
export interface Pixels {
  readonly columnOf: (x: number) => number;
  readonly rowOf: (y: number) => number;
}

/**
 * Draws a curve with its dots and gaps. Twenty curves of two thousand points are drawn within a frame; the elements that
 * Chart.js makes of the points take ten times as long.
 */
export function drawStroke(
  ctx: CanvasRenderingContext2D,
  stroke: Stroke,
  theme: Theme,
  { columnOf, rowOf }: Pixels,
): void {
  const shade = color(lineColor(theme, stroke.color)).alpha(opacityOf(stroke)).rgbString();
  const { x: xs, y: ys } = stroke.points;
  ctx.strokeStyle = shade;
  ctx.fillStyle = shade;
  ctx.lineWidth = stroke.faint ? 1 : theme.highContrast ? 2.25 : 1.75;
  ctx.lineJoin = 'round';
  ctx.setLineDash([...stroke.dash]);
  if (stroke.joined) {
    ctx.beginPath();
    let isOpen = false;
    for (let i = 0; i < xs.length; i++) {
      const y = ys[i] ?? null;
      if (y === null) isOpen = false;
      else if (isOpen) ctx.lineTo(columnOf(xs[i] ?? 0), rowOf(y));
      else {
        ctx.moveTo(columnOf(xs[i] ?? 0), rowOf(y));
        isOpen = true;
      }
    }
    ctx.stroke();
  }
  ctx.setLineDash([]);
  if (stroke.radii === 0) return;
  for (let i = 0; i < xs.length; i++) {
    const y = ys[i] ?? null;
    const radius = typeof stroke.radii === 'number' ? stroke.radii : (stroke.radii[i] ?? 0);
    if (y === null || radius === 0) continue;
    ctx.beginPath();
    ctx.arc(columnOf(xs[i] ?? 0), rowOf(y), radius, 0, 2 * Math.PI);
    ctx.fill();
  }
}

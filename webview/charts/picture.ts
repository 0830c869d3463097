import { lineColor } from './lineColor.ts';
import type { Scene } from './scene.ts';
import type { PictureStyle } from './svg.ts';
import type { Theme } from './theme.ts';

const TITLE_HEIGHT = 52;

/** Returns the chart as it is on screen, with its title and legend, as a base64 PNG. */
export function takePng(canvas: HTMLCanvasElement, scene: Scene, theme: Theme): string {
  const scale = canvas.width / canvas.clientWidth;
  const picture = document.createElement('canvas');
  picture.width = canvas.width;
  picture.height = canvas.height + TITLE_HEIGHT * scale;
  const ctx = picture.getContext('2d');
  if (!ctx) throw new Error('The browser provides no 2D canvas context for the picture.');

  ctx.fillStyle = theme.background;
  ctx.fillRect(0, 0, picture.width, picture.height);
  ctx.drawImage(canvas, 0, TITLE_HEIGHT * scale);
  ctx.scale(scale, scale);
  ctx.fillStyle = theme.foreground;
  ctx.font = `15px ${theme.font}`;
  ctx.fillText(scene.unit ? `${scene.title} (${scene.unit})` : scene.title, 12, 22);
  ctx.font = `12px ${theme.font}`;
  drawLegend(ctx, scene, theme);
  return picture.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}

function drawLegend(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  let x = 12;
  ctx.lineWidth = 2;
  for (const { label, color, dash, faint } of scene.strokes) {
    if (faint) continue;
    ctx.strokeStyle = lineColor(theme, color);
    ctx.setLineDash([...dash]);
    ctx.beginPath();
    ctx.moveTo(x, 40);
    ctx.lineTo(x + 24, 40);
    ctx.stroke();
    ctx.fillStyle = theme.foreground;
    ctx.fillText(label, x + 30, 44);
    x += 48 + ctx.measureText(label).width;
  }
}

/** Size and colors of an SVG file that matches the chart on screen. */
export function svgStyle(canvas: HTMLCanvasElement, theme: Theme): PictureStyle {
  return { ...theme, width: canvas.clientWidth, height: canvas.clientHeight + TITLE_HEIGHT };
}

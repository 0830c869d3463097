import { lineColor } from './lineColor.ts';
import { Plot } from './plot.ts';
import type { Scene } from './scene.ts';
import type { PictureStyle } from './svg.ts';
import type { Theme } from './theme.ts';

const TITLE_HEIGHT = 52;

/** Returns the chart as it is on screen, with its title and legend, as a base64 PNG. */
export function takePng(canvas: HTMLCanvasElement, scene: Scene, theme: Theme): string {
  return base64Of(withTitle(canvas, canvas.width / canvas.clientWidth, scene, theme));
}

/** Size of a picture in pixels. */
interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Draws a chart in a size, with its title and legend, as a base64 PNG. */
export function drawPng(scene: Scene, theme: Theme, size: PictureSize): string {
  return base64Of(drawPicture(scene, theme, size));
}

/** Copies a chart in a size to the clipboard. Rejects if the clipboard takes no pictures. */
export async function copyPng(scene: Scene, theme: Theme, size: PictureSize): Promise<void> {
  const picture = drawPicture(scene, theme, size);
  const png = new Promise<Blob>((resolve, reject) => {
    picture.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(`${size.width}x${size.height}`))), 'image/png');
  });
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
}

/** Draws a chart on a canvas that is not in the page. */
function drawPicture(scene: Scene, theme: Theme, { width, height }: PictureSize): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height - TITLE_HEIGHT;
  const plot = new Plot(canvas, true);
  plot.show(scene, theme);
  const picture = withTitle(canvas, 1, scene, theme);
  plot.dispose();
  return picture;
}

function base64Of(picture: HTMLCanvasElement): string {
  return picture.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}

/** A copy of a chart below its title and legend. @param scale pixels of the canvas per pixel of the page */
function withTitle(canvas: HTMLCanvasElement, scale: number, scene: Scene, theme: Theme): HTMLCanvasElement {
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
  return picture;
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

import * as l10n from '@vscode/l10n';
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

/** Copies a picture to the clipboard. Rejects if the clipboard takes no pictures. */
export async function copyPicture(picture: HTMLCanvasElement): Promise<void> {
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': pngBlob(picture) })]);
}

/** A picture as a PNG file. Rejects for a size that the browser cannot draw. */
export async function pngBlob(picture: HTMLCanvasElement): Promise<Blob> {
  const { width, height } = picture;
  const blob = await new Promise<Blob | null>((resolve) => picture.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error(l10n.t('The browser cannot draw a picture of {0} by {1} pixels.', width, height));
  return blob;
}

/** Draws a chart in a size, with its title and legend, on a canvas that is not in the page. */
export function drawPicture(scene: Scene, theme: Theme, { width, height }: PictureSize): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height - TITLE_HEIGHT;
  const plot = new Plot(canvas, true);
  plot.show(scene, theme);
  const picture = withTitle(canvas, 1, scene, theme);
  plot.dispose();
  return picture;
}

/** A picture as a base64 PNG. */
export function base64Of(picture: HTMLCanvasElement): string {
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

import { contextOf } from '../../charts/heatMapPainter.ts';
import type { Pen } from '../../charts/pen.ts';
import { SvgPen } from '../../charts/svgPen.ts';
import type { Theme } from '../../charts/theme.ts';
import type { RunDrawing } from './runDrawing.ts';
import type { Size } from './runScene.ts';

/** Height of the title in pixels. */
const HEAD = 34;

/** What a picture of a plot of runs shows. */
export interface RunPicture {
  readonly title: string;
  readonly drawing: RunDrawing;
  /** Ids of the runs that are emphasized. */
  readonly selected: ReadonlySet<string>;
}

/** Size of the picture of a plot that has a size on screen. */
export function withHead({ width, height }: Size): Size {
  return { width, height: height + HEAD };
}

/** Draws a plot with its title on a canvas that is not in the page. @param scale pixels of the canvas per pixel of the size */
export function drawRunPicture(picture: RunPicture, size: Size, theme: Theme, scale: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(size.width * scale);
  canvas.height = Math.round(size.height * scale);
  const ctx = contextOf(canvas);
  ctx.scale(scale, scale);
  paint(ctx, picture, size, theme);
  return canvas;
}

/** Writes a plot with its title as a self-contained SVG file. */
export function runPictureSvg(picture: RunPicture, size: Size, theme: Theme): string {
  const pen = new SvgPen(size, contextOf(document.createElement('canvas')));
  paint(pen, picture, size, theme);
  return pen.finish();
}

function paint(pen: Pen, { title, drawing, selected }: RunPicture, { width, height }: Size, theme: Theme): void {
  pen.fillStyle = theme.background;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = theme.foreground;
  pen.font = `15px ${theme.font}`;
  pen.fillText(title, 12, 22);
  pen.translate(0, HEAD);
  drawing.draw(pen, { width, height: height - HEAD }, theme, selected);
}

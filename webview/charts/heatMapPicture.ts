import * as l10n from '@vscode/l10n';
import { type AnimationOptions, encodeAnimation, frameLimit } from './animation.ts';
import { tooFewPictures } from './chartAnimation.ts';
import { cellPicture, contextOf, paintBar, paintMap } from './heatMapPainter.ts';
import { type AnimatedMap, fitted, type HeatMapLayout, type HeatMapScene } from './heatMapScene.ts';
import { formatCount } from './number.ts';
import type { Pen } from './pen.ts';
import { base64Of } from './picture.ts';
import type { PictureOptions } from './pictureMenu.ts';
import { pictureTheme } from './pictureThemes.ts';
import { SvgPen } from './svgPen.ts';
import { readTheme, type Theme } from './theme.ts';
import { xTexts } from './xTexts.ts';

/** Height of the title and the color scale, in pixels. */
const HEAD = 52;

/** Returns a map as it is on screen, with its title and color scale, as a base64 PNG. */
export function shownMapPng(scene: HeatMapScene, layout: HeatMapLayout, theme: Theme, scale: number): string {
  return base64Of(drawMap(scene, layout, theme, scale));
}

/** Draws a map in a size, with its title and color scale, on a canvas that is not in the page. */
export function drawMapPicture(scene: HeatMapScene, options: PictureOptions, title?: string): HTMLCanvasElement {
  const { width, height, theme } = options;
  const layout = fitted(scene, { width, height: height - HEAD });
  return drawMap(scene, layout, pictureTheme(readTheme(), theme), 1, title);
}

/** Writes a map in a size as a self-contained SVG file, with its cells as an image. */
export function mapSvg(scene: HeatMapScene, { width, height, theme }: PictureOptions): string {
  const layout = fitted(scene, { width, height: height - HEAD });
  const pen = new SvgPen({ width, height }, contextOf(document.createElement('canvas')));
  paintPicture(pen, scene, layout, pictureTheme(readTheme(), theme));
  return pen.finish();
}

/**
 * Draws a map through training as an animated PNG in base64, with a picture for each measurement.
 * @param measure measures at most a number of maps through training
 * @throws Error if there are fewer than two measurements
 */
export async function animateMap(
  measure: (limit: number) => Promise<readonly AnimatedMap[]>,
  options: AnimationOptions,
  progress: (done: number, of: number) => void,
): Promise<string> {
  const maps = await measure(frameLimit(options));
  if (maps.length < 2) throw new Error(tooFewPictures());
  const frames = maps.map(({ step, scene }) => ({
    draw: () => drawMapPicture(scene, options, l10n.t('{0}, {1}', titleOf(scene), xTexts.step.at(formatCount(step)))),
    span: 1,
  }));
  return encodeAnimation(frames, options.seconds, progress);
}

function drawMap(
  scene: HeatMapScene,
  layout: HeatMapLayout,
  theme: Theme,
  scale: number,
  title?: string,
): HTMLCanvasElement {
  const picture = document.createElement('canvas');
  picture.width = layout.width * scale;
  picture.height = (layout.height + HEAD) * scale;
  const ctx = contextOf(picture);
  ctx.scale(scale, scale);
  paintPicture(ctx, scene, layout, theme, title);
  return picture;
}

function paintPicture(
  pen: Pen,
  scene: HeatMapScene,
  layout: HeatMapLayout,
  theme: Theme,
  title = titleOf(scene),
): void {
  pen.fillStyle = theme.background;
  pen.fillRect(0, 0, layout.width, layout.height + HEAD);
  pen.save();
  pen.translate(0, HEAD);
  paintMap(pen, scene, layout, theme, cellPicture(scene, theme));
  pen.restore();
  pen.fillStyle = theme.foreground;
  pen.font = `15px ${theme.font}`;
  pen.textAlign = 'left';
  pen.textBaseline = 'alphabetic';
  pen.fillText(title, 12, 20);
  paintBar(pen, scene, theme, 12, 40);
}

function titleOf({ title, rows, columns }: HeatMapScene): string {
  return l10n.t('{0}: {1} by {2}', title, rows.title, columns.title);
}

import type { RunRow } from '../../../src/protocol/runRow.ts';
import { runColor } from '../../../src/protocol/runColor.ts';
import { lineColor } from '../../charts/lineColor.ts';
import type { Pen } from '../../charts/pen.ts';
import type { Theme } from '../../charts/theme.ts';
import type { RunScene, Size } from './runScene.ts';

/** Font size of labels in pixels. */
const FONT_SIZE = 11;

/** Opacity of the runs that are not selected, while others are. */
export const UNSELECTED = 0.22;

/** A scene of runs that draws itself on a canvas. */
export interface RunDrawing extends RunScene {
  draw(ctx: Pen, size: Size, theme: Theme, selected: ReadonlySet<string>): void;
  /** Draws a run on top of the others. */
  mark(ctx: Pen, size: Size, theme: Theme, id: string): void;
}

/** Color of a run on a canvas. */
export function colorOf(row: RunRow, theme: Theme): string {
  const { success, data } = runColor.safeParse(row.values.color);
  return success ? lineColor(theme, data) : theme.foreground;
}

/** Draws a text that ends or is cut at a width. */
export function cutText(ctx: Pen, text: string, width: number): string {
  if (ctx.measureText(text).width <= width) return text;
  let end = text.length - 1;
  while (end > 0 && ctx.measureText(`${text.slice(0, end)}...`).width > width) end--;
  return end === 0 ? '' : `${text.slice(0, end)}...`;
}

/** Sets the font and color of labels. */
export function useLabels(ctx: Pen, theme: Theme): void {
  ctx.font = `${FONT_SIZE}px ${theme.font}`;
  ctx.fillStyle = theme.muted;
  ctx.textBaseline = 'middle';
}

import { lineColor } from '../../charts/lineColor.ts';
import type { Theme } from '../../charts/theme.ts';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import { runColor } from '../../../src/protocol/runColor.ts';

/** Place on a plot in pixels from its left top corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Rectangle in pixels. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Distance in pixels at which a pointer is on a run. */
export const REACH = 10;

/** Font size of labels in pixels. */
export const FONT_SIZE = 11;

/** Opacity of the runs that are not selected, while others are. */
export const UNSELECTED = 0.22;

/** What is drawn of the runs on a canvas, and where they are. */
export interface RunDrawing {
  /** Ids of the drawn runs, in the order in which the arrow keys visit them. */
  readonly order: readonly string[];
  draw(ctx: CanvasRenderingContext2D, size: Size, theme: Theme, selected: ReadonlySet<string>): void;
  /** Draws a run on top of the others. */
  mark(ctx: CanvasRenderingContext2D, size: Size, theme: Theme, id: string): void;
  /** The run at a place; null for none. */
  runAt(place: Place, size: Size): string | null;
  /** Place of a run, next to which it is described; null if it is not drawn. */
  placeOf(id: string, size: Size): Place | null;
  /** The rectangle that a drag between two places selects. */
  dragged(from: Place, to: Place, size: Size): Box;
  /** Lines that describe a run: its name first. */
  describe(id: string): readonly string[];
}

/** Color of a run on a canvas. */
export function colorOf(row: RunRow, theme: Theme): string {
  const { success, data } = runColor.safeParse(row.values.color);
  return success ? lineColor(theme, data) : theme.foreground;
}

export function distance(a: Place, b: Place): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Distance of a place from the line between two others. */
export function distanceToLine(place: Place, a: Place, b: Place): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((place.x - a.x) * dx + (place.y - a.y) * dy) / length));
  return distance(place, { x: a.x + along * dx, y: a.y + along * dy });
}

/** Draws a text that ends or is cut at a width. */
export function cutText(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  if (ctx.measureText(text).width <= width) return text;
  let end = text.length - 1;
  while (end > 0 && ctx.measureText(`${text.slice(0, end)}...`).width > width) end--;
  return end === 0 ? '' : `${text.slice(0, end)}...`;
}

/** Sets the font and color of labels. */
export function useLabels(ctx: CanvasRenderingContext2D, theme: Theme): void {
  ctx.font = `${FONT_SIZE}px ${theme.font}`;
  ctx.fillStyle = theme.muted;
  ctx.textBaseline = 'middle';
}

import { colorCells, colorMap, textOn } from './colorMap.ts';
import type { Cell, HeatMapAxis, HeatMapLayout, HeatMapScene } from './heatMapScene.ts';
import type { Pen } from './pen.ts';
import type { Theme } from './theme.ts';

const FONT_SIZE = 11;
const MIN_FONT_SIZE = 8;
/** Gap between two labels, in pixels. */
const GAP = 2;

/** Draws the cells of a map, one pixel each. */
export function cellPicture(scene: HeatMapScene, theme: Theme): HTMLCanvasElement {
  const picture = document.createElement('canvas');
  picture.width = scene.columns.count;
  picture.height = scene.rows.count;
  const pixels = colorCells(scene.values, scene.holes, colorMap(scene.palette, theme.kind));
  contextOf(picture).putImageData(new ImageData(pixels, scene.columns.count, scene.rows.count), 0, 0);
  return picture;
}

/** Draws the cells and the labels of both axes, in CSS pixels. */
export function paintMap(
  ctx: Pen,
  scene: HeatMapScene,
  layout: HeatMapLayout,
  theme: Theme,
  cells: HTMLCanvasElement,
): void {
  const { left, top, cellWidth, cellHeight } = layout;
  const width = cellWidth * scene.columns.count;
  const height = cellHeight * scene.rows.count;
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(cells, left, top, width, height);
  ctx.strokeStyle = theme.highContrast ? theme.foreground : theme.grid;
  ctx.strokeRect(left - 0.5, top - 0.5, width + 1, height + 1);

  ctx.textBaseline = 'middle';
  paintMargins(ctx, scene, layout, theme);
  paintLines(ctx, scene, layout, theme);
  if (scene.path) paintPath(ctx, scene.path, layout, theme);
  ctx.fillStyle = theme.muted;
  if (scene.labelSpace) paintUpright(ctx, scene, layout, theme);
  else paintColumnLabels(ctx, scene, layout, theme);
  ctx.font = `${FONT_SIZE}px ${theme.font}`;
  ctx.textAlign = 'right';
  for (const i of labeled(scene.rows, scene.rows.count, cellHeight, () => FONT_SIZE)) {
    ctx.fillText(scene.rows.label(i), left - 5, top + (i + 0.5) * cellHeight);
  }
}

/** Draws a line between the cells and the margins. */
function paintMargins(ctx: Pen, { rows, columns, margins }: HeatMapScene, layout: HeatMapLayout, theme: Theme): void {
  if (!margins) return;
  const { left, top, cellWidth, cellHeight } = layout;
  const x = left + (columns.count - margins.columns) * cellWidth;
  const y = top + (rows.count - margins.rows) * cellHeight;
  ctx.strokeStyle = theme.muted;
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, top + rows.count * cellHeight);
  ctx.moveTo(left, y);
  ctx.lineTo(left + columns.count * cellWidth, y);
  ctx.stroke();
}

const LINE_HEIGHT = 13;
const LINE_FONTS = [FONT_SIZE, 10, 9];
/** Space between the text of a cell and its edges, in pixels. */
const LINE_PADDING = 2;

/**
 * Draws the lines of text of the cells: the first line of all cells if it fits, and so on for the next, so that a
 * missing text always means that there is none.
 */
function paintLines(ctx: Pen, scene: HeatMapScene, layout: HeatMapLayout, theme: Theme): void {
  const { lines } = scene;
  if (!lines) return;
  const { left, top, cellWidth, cellHeight } = layout;
  const cells = Array.from({ length: scene.rows.count * scene.columns.count }, (_, i) => {
    const cell = { row: Math.floor(i / scene.columns.count), column: i % scene.columns.count };
    return { cell, texts: lines(cell), value: scene.values[i] ?? 0, hole: scene.holes?.[i] === 1 };
  });
  const room = Math.floor(cellHeight / LINE_HEIGHT);
  const most = Math.max(0, ...cells.map(({ texts }) => texts.length));
  const sizeOf = (line: number) =>
    LINE_FONTS.find((size) => {
      ctx.font = `${size}px ${theme.font}`;
      return cells.every(({ texts }) => ctx.measureText(texts[line] ?? '').width <= cellWidth - 2 * LINE_PADDING);
    });
  const sizes: number[] = [];
  for (let line = 0; line < Math.min(room, most); line++) {
    const size = sizeOf(line);
    if (size === undefined) break;
    sizes.push(size);
  }
  const colors = colorMap(scene.palette, theme.kind);
  ctx.textAlign = 'center';
  for (const { cell, texts, value, hole } of cells) {
    const shown = texts.slice(0, sizes.length);
    ctx.fillStyle = hole ? theme.foreground : textOn(colors.subarray(4 * value, 4 * value + 3));
    shown.forEach((text, line) => {
      ctx.font = `${sizes[line] ?? FONT_SIZE}px ${theme.font}`;
      const y = top + (cell.row + 0.5) * cellHeight + (line - (shown.length - 1) / 2) * LINE_HEIGHT;
      ctx.fillText(text, left + (cell.column + 0.5) * cellWidth, y);
    });
  }
}

function paintColumnLabels(ctx: Pen, scene: HeatMapScene, { left, top, cellWidth }: HeatMapLayout, theme: Theme): void {
  ctx.textAlign = 'center';
  ctx.font = columnFont(scene.columns, cellWidth, theme);
  for (const i of labeled(scene.columns, scene.columns.count, cellWidth, (label) => ctx.measureText(label).width)) {
    ctx.fillText(scene.columns.label(i), left + (i + 0.5) * cellWidth, top / 2);
  }
}

/** Draws column labels bottom to top, so that long labels fit above their columns. */
function paintUpright(
  ctx: Pen,
  { columns }: HeatMapScene,
  { left, top, cellWidth }: HeatMapLayout,
  theme: Theme,
): void {
  ctx.font = `${FONT_SIZE}px ${theme.font}`;
  ctx.textAlign = 'left';
  for (const i of labeled(columns, columns.count, cellWidth, () => FONT_SIZE)) {
    ctx.save();
    ctx.translate(left + (i + 0.5) * cellWidth, top - 5);
    ctx.rotate(-Math.PI / 2);
    ctx.fillText(columns.label(i), 0, 0);
    ctx.restore();
  }
}

/** Draws a line through the marked cells and a dot on each, outlined to contrast with any cell color. */
function paintPath(
  ctx: Pen,
  path: readonly Cell[],
  { left, top, cellWidth, cellHeight }: HeatMapLayout,
  theme: Theme,
): void {
  const points = path.map(
    ({ row, column }) => [left + (column + 0.5) * cellWidth, top + (row + 0.5) * cellHeight] as const,
  );
  const radius = Math.max(2, Math.min(cellWidth, cellHeight) / 6);
  for (const [color, wider] of [
    [theme.background, 2],
    [theme.foreground, 0],
  ] as const) {
    ctx.strokeStyle = color;
    ctx.fillStyle = color;
    ctx.lineWidth = 1.5 + wider;
    ctx.beginPath();
    for (const [x, y] of points) ctx.lineTo(x, y);
    ctx.stroke();
    for (const [x, y] of points) {
      ctx.beginPath();
      ctx.arc(x, y, radius + wider / 2, 0, 2 * Math.PI);
      ctx.fill();
    }
  }
  ctx.lineWidth = 1;
}

/** Outlines the row and the column of the cell, and the cell itself in two contrasting colors. */
export function paintCursor(
  ctx: CanvasRenderingContext2D,
  { rows, columns }: HeatMapScene,
  layout: HeatMapLayout,
  theme: Theme,
  cell: Cell,
): void {
  const { left, top, cellWidth, cellHeight } = layout;
  const x = left + cell.column * cellWidth;
  const y = top + cell.row * cellHeight;
  ctx.lineWidth = 1;
  ctx.strokeStyle = theme.muted;
  ctx.strokeRect(left - 0.5, y - 0.5, columns.count * cellWidth + 1, cellHeight + 1);
  ctx.strokeRect(x - 0.5, top - 0.5, cellWidth + 1, rows.count * cellHeight + 1);
  ctx.strokeStyle = theme.background;
  ctx.strokeRect(x - 2.5, y - 2.5, cellWidth + 5, cellHeight + 5);
  ctx.strokeStyle = theme.foreground;
  ctx.strokeRect(x - 1.5, y - 1.5, cellWidth + 3, cellHeight + 3);
}

/** Returns the font of the column labels. Labels that are shown all or none shrink to fit, in a monospaced font. */
function columnFont({ thinnable }: HeatMapAxis, space: number, theme: Theme): string {
  return thinnable
    ? `${FONT_SIZE}px ${theme.font}`
    : `${Math.min(Math.max(Math.floor(1.6 * space), MIN_FONT_SIZE), FONT_SIZE)}px ${theme.mono}`;
}

/** Returns the indices of the labels that fit: all, every nth, or none. */
function labeled(axis: HeatMapAxis, count: number, space: number, widthOf: (label: string) => number): number[] {
  const indices = Array.from({ length: count }, (_, i) => i);
  // A text has few different characters, and measuring is the slowest part of drawing it.
  const widths = new Map<string, number>();
  const widthAt = (i: number): number => {
    const label = axis.label(i);
    const width = widths.get(label) ?? widthOf(label);
    widths.set(label, width);
    return width;
  };
  // Compares the total width: a few characters that are wider than a column do not hide the others.
  if (!axis.thinnable) {
    let total = 0;
    return indices.every((i) => (total += widthAt(i)) <= space * count) ? indices : [];
  }
  const every = Math.ceil((Math.max(...indices.map(widthAt)) + GAP) / space);
  return indices.filter((i) => i % every === 0);
}

const BAR = { width: 160, height: 10 };

/** Draws the color scale between the labels of its ends. @returns its width in pixels */
export function paintBar(
  ctx: Pen,
  scene: Pick<HeatMapScene, 'palette' | 'low' | 'high'>,
  theme: Theme,
  x: number,
  y: number,
): number {
  const colors = colorMap(scene.palette, theme.kind);
  ctx.font = `${FONT_SIZE}px ${theme.font}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.fillStyle = theme.muted;
  ctx.fillText(scene.low, x, y);
  const bar = x + ctx.measureText(scene.low).width + 6;
  for (let i = 0; i < BAR.width; i++) {
    const at = Math.round((i / (BAR.width - 1)) * 255) * 4;
    ctx.fillStyle = `rgb(${colors[at] ?? 0} ${colors[at + 1] ?? 0} ${colors[at + 2] ?? 0})`;
    ctx.fillRect(bar + i, y - BAR.height / 2, 1, BAR.height);
  }
  ctx.strokeStyle = theme.highContrast ? theme.foreground : theme.grid;
  ctx.strokeRect(bar - 0.5, y - BAR.height / 2 - 0.5, BAR.width + 1, BAR.height + 1);
  ctx.fillStyle = theme.muted;
  ctx.fillText(scene.high, bar + BAR.width + 6, y);
  return bar + BAR.width + 6 + ctx.measureText(scene.high).width - x;
}

/** @throws Error if the browser provides no 2D context */
export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D;
export function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D;
export function contextOf(canvas: HTMLCanvasElement | OffscreenCanvas) {
  const ctx = canvas.getContext('2d');
  if (!ctx) throw new Error('The browser provides no 2D canvas context for the map.');
  return ctx;
}

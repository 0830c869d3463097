import * as l10n from '@vscode/l10n';
import type { Palette } from './colorMap.ts';

/** One axis of a heat map. */
export interface HeatMapAxis {
  /** Name of the axis, such as "unit". */
  readonly title: string;
  /** Short label at the edge of the map. */
  readonly label: (index: number) => string;
  /** Full name of an index, such as "unit 12". */
  readonly name: (index: number) => string;
  /** True if labels may be skipped to save space. False for text, which is unreadable with letters missing. */
  readonly thinnable: boolean;
}

/** Contents of a heat map. */
export interface HeatMapScene {
  readonly title: string;
  readonly rows: HeatMapAxis & { readonly count: number };
  readonly columns: HeatMapAxis & { readonly count: number };
  /** `[rows, columns]`, row-major. Byte 0 has the first color of the palette, 255 the last. */
  readonly values: Uint8Array;
  /** 1 for each cell without a value; null if every cell has one. */
  readonly holes: Uint8Array | null;
  readonly palette: Palette;
  /** Space for long labels in CSS pixels: left of the rows, and above the columns, where labels are vertical. */
  readonly labelSpace?: { readonly left: number; readonly top: number };
  /**
   * Lines of text in a cell, the most important first. They are drawn where they fit, and rows are high enough for two.
   */
  readonly lines?: (cell: Cell) => readonly string[];
  /** Number of last rows and columns that are margins: they have no color but a text. */
  readonly margins?: { readonly rows: number; readonly columns: number };
  /** Marked cells in order, joined by a line. */
  readonly path?: readonly Cell[];
  /** Labels of the first and the last color. */
  readonly low: string;
  readonly high: string;
  /** Formats the value of a cell. */
  readonly text: (cell: Cell) => string;
  /** Lines shown below the value of a cell. */
  readonly details: (cell: Cell) => readonly string[];
}

/** A map at a step of training. */
export interface AnimatedMap {
  readonly step: number;
  readonly scene: HeatMapScene;
}

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Position of the map on its canvas, in CSS pixels. */
export interface HeatMapLayout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
}

const LEFT = 44;
const TOP = 20;
const RIGHT = 1;
const BOTTOM = 1;
/** Target height of a map, and limits of the row height, in pixels. */
const TARGET_HEIGHT = 340;
const MIN_ROW_HEIGHT = 2;
const MAX_ROW_HEIGHT = 22;
/** Above this number of rows, rows may be one pixel high, so that the canvas stays small. */
const MANY_ROWS = 1000;

/** Height of a cell with two lines of text, and limits of its width, in pixels. */
const LINES_HEIGHT = 32;
const MIN_LINE_WIDTH = 30;
const MAX_LINE_WIDTH = 72;

/** Lays out a map in the given width; its height depends on its rows. */
export function layOut({ rows, columns, labelSpace, lines }: HeatMapScene, width: number): HeatMapLayout {
  const { left, top } = labelSpace ?? { left: LEFT, top: TOP };
  const space = (width - left - RIGHT) / columns.count;
  if (lines && space >= MIN_LINE_WIDTH) {
    const cellWidth = Math.min(space, MAX_LINE_WIDTH);
    return { width, height: top + rows.count * LINES_HEIGHT + BOTTOM, left, top, cellWidth, cellHeight: LINES_HEIGHT };
  }
  const minHeight = rows.count > MANY_ROWS ? 1 : MIN_ROW_HEIGHT;
  const cellHeight = Math.min(Math.max(Math.round(TARGET_HEIGHT / rows.count), minHeight), MAX_ROW_HEIGHT);
  const cellWidth = Math.min(space, 2 * MAX_ROW_HEIGHT);
  return { width, height: top + rows.count * cellHeight + BOTTOM, left, top, cellWidth, cellHeight };
}

/** Lays out a map whose cells fill a size. */
export function fitted(
  { rows, columns, labelSpace }: HeatMapScene,
  { width, height }: { readonly width: number; readonly height: number },
): HeatMapLayout {
  const { left, top } = labelSpace ?? { left: LEFT, top: TOP };
  const cellWidth = (width - left - RIGHT) / columns.count;
  return { width, height, left, top, cellWidth, cellHeight: (height - top - BOTTOM) / rows.count };
}

/** Returns the cell at a point of the canvas; null outside the map. */
export function cellAt(
  { rows, columns }: HeatMapScene,
  { left, top, cellWidth, cellHeight }: HeatMapLayout,
  x: number,
  y: number,
): Cell | null {
  const column = Math.floor((x - left) / cellWidth);
  const row = Math.floor((y - top) / cellHeight);
  return row >= 0 && row < rows.count && column >= 0 && column < columns.count ? { row, column } : null;
}

/** Describes a cell for screen readers: its row, column, value and details. */
export function describeCell(scene: HeatMapScene, cell: Cell): string {
  return [
    scene.rows.name(cell.row),
    scene.columns.name(cell.column),
    describeValue(scene, cell),
    ...scene.details(cell),
  ].join(', ');
}

/** Formats the value of a cell, or returns "no value". */
export function describeValue(scene: HeatMapScene, cell: Cell): string {
  const hole = scene.holes?.[cell.row * scene.columns.count + cell.column] === 1;
  return hole && !inMargin(scene, cell) ? l10n.t('no value') : scene.text(cell);
}

/** True for a cell of the last rows or columns that are margins. */
function inMargin({ rows, columns, margins }: HeatMapScene, { row, column }: Cell): boolean {
  return margins !== undefined && (row >= rows.count - margins.rows || column >= columns.count - margins.columns);
}

/** Rows that Page Up and Page Down move by. */
const PAGE_ROWS = 10;

/**
 * Returns the cell that a key moves the cursor to: null for Escape, undefined for a key without a meaning. Without a
 * cursor, the first key places it in the first row.
 */
export function moveCursor({ rows, columns }: HeatMapScene, cell: Cell | null, key: string): Cell | null | undefined {
  const { row, column } = cell ?? { row: 0, column: 0 };
  const targets: Readonly<Record<string, Cell | null>> = {
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    PageUp: { row: row - PAGE_ROWS, column },
    PageDown: { row: row + PAGE_ROWS, column },
    Home: { row, column: 0 },
    End: { row, column: columns.count - 1 },
    Escape: null,
  };
  const target = targets[key];
  if (target == null) return target;
  if (cell === null) return { row: 0, column: key === 'End' ? columns.count - 1 : 0 };
  return {
    row: Math.min(Math.max(target.row, 0), rows.count - 1),
    column: Math.min(Math.max(target.column, 0), columns.count - 1),
  };
}

/** Returns the block of at most `limit` indices, out of `count`, that contains `index`. */
export function blockAround(
  index: number,
  count: number,
  limit: number,
): { readonly start: number; readonly length: number } {
  const length = Math.min(count, limit);
  return { start: Math.min(Math.floor(index / limit) * limit, count - length), length };
}

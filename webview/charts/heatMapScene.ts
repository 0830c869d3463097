import type { Palette } from './colorMap.ts';

/** One axis of a heat map. */
export interface HeatMapAxis {
  /** What it counts, such as "unit". */
  readonly title: string;
  /** A few characters at the edge of the map. */
  readonly label: (index: number) => string;
  /** The same in words, such as "unit 12". */
  readonly name: (index: number) => string;
  /** Whether some of the labels make sense without the others; text with letters left out does not. */
  readonly thinnable: boolean;
}

/** Everything a heat map shows. */
export interface HeatMapScene {
  readonly title: string;
  readonly rows: HeatMapAxis & { readonly count: number };
  readonly columns: HeatMapAxis & { readonly count: number };
  /** `[rows, columns]`, row-major: byte 0 takes the first color of the palette, 255 the last. */
  readonly values: Uint8Array;
  /** 1 where a cell has no value; null where all have. */
  readonly holes: Uint8Array | null;
  readonly palette: Palette;
  /**
   * Room for labels that are words, in CSS pixels: of the rows to the left, of the columns above, where they are
   * written upright.
   */
  readonly wordRoom?: { readonly left: number; readonly top: number };
  /** Cells that are marked, one after another, joined by a line. */
  readonly path?: readonly Cell[];
  /** What the first and the last color stand for. */
  readonly low: string;
  readonly high: string;
  /** The value of a cell, short enough for a table. */
  readonly text: (cell: Cell) => string;
  /** More about a cell, in lines below its value. */
  readonly details: (cell: Cell) => readonly string[];
}

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Where the map lies on its canvas, in CSS pixels. */
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
/** Height that a map of few rows aims at; rows are never thinner or thicker than these. */
const AIM = 340;
const THINNEST = 2;
const THICKEST = 22;
/** Maps of more rows than this get a pixel a row, so that the canvas stays small. */
const MANY_ROWS = 1000;

/** A map as wide as its place, and as high as its rows need. */
export function layOut({ rows, columns, wordRoom }: HeatMapScene, width: number): HeatMapLayout {
  const { left, top } = wordRoom ?? { left: LEFT, top: TOP };
  const thinnest = rows.count > MANY_ROWS ? 1 : THINNEST;
  const cellHeight = Math.min(Math.max(Math.round(AIM / rows.count), thinnest), THICKEST);
  const cellWidth = Math.min((width - left - RIGHT) / columns.count, 2 * THICKEST);
  return { width, height: top + rows.count * cellHeight + BOTTOM, left, top, cellWidth, cellHeight };
}

/** The cell under a point of the canvas; null outside of the map. */
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

/** A cell in one sentence, for a screen reader. */
export function cellSentence(scene: HeatMapScene, cell: Cell): string {
  return [
    scene.rows.name(cell.row),
    scene.columns.name(cell.column),
    describeValue(scene, cell),
    ...scene.details(cell),
  ].join(', ');
}

/** The value of a cell, or that it has none. */
export function describeValue(scene: HeatMapScene, cell: Cell): string {
  return scene.holes?.[cell.row * scene.columns.count + cell.column] === 1 ? 'no value' : scene.text(cell);
}

/** Cells that the arrow keys go; with Page Up and Page Down. */
const LEAP = 10;

/**
 * Where a key takes the cursor; undefined for a key that means nothing here, null for Escape. Without a cursor the
 * first key puts it on the first cell.
 */
export function moveCursor({ rows, columns }: HeatMapScene, cell: Cell | null, key: string): Cell | null | undefined {
  const { row, column } = cell ?? { row: 0, column: 0 };
  const targets: Readonly<Record<string, Cell | null>> = {
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    PageUp: { row: row - LEAP, column },
    PageDown: { row: row + LEAP, column },
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

/** The first index and the number of indices that a table shows around one of `count`, `most` at a time. */
export function blockAround(
  index: number,
  count: number,
  most: number,
): { readonly start: number; readonly length: number } {
  const length = Math.min(count, most);
  return { start: Math.min(Math.floor(index / most) * most, count - length), length };
}

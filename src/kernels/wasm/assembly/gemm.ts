import { PANEL, PANEL_ROW, packPanels, panelCount, panelStride, transpose } from './pack';
import { copyFew } from './rows';
import { MAX_ROWS, NARROW_COLUMNS, TILE_COLUMNS, tile, tileNarrow, tileWide } from './tiles';

/**
 * Matrix products after Goto and van de Geijn (2008): B is packed into panels, and a tile of C (a few rows by the width
 * of a panel) stays in registers for the whole depth.
 */

/** Depth of a block, so that its rows of a panel and of A stay in the L1 cache. */
const DEPTH_BLOCK: i32 = 256;
/** Panels per block, so that they stay in the L2 cache. */
const PANEL_BLOCK: i32 = 16;
/**
 * Padding of the rows of transposed A in bytes. It avoids strides that are multiples of 4 KB, whose rows would compete
 * for the same cache lines.
 */
const STAGGER: usize = 64;
/** Size of the buffer for a tile in a partial panel, in bytes. */
const SPILL: usize = 6 * 64;

/** Stride of the rows of transposed A in bytes. */
@inline
export function transposedStride(depth: i32): usize {
  return ((<usize>depth) << 2) + STAGGER;
}

/** True if the engine fuses neighboring vectors into one of twice the width. */
let wide: bool = false;

export function setWide(value: bool): void {
  wide = value;
}

/** C += A B for the first `width` columns of a panel, rounded up to whole tiles. */
@inline
export function fullTile(rows: i32, a: usize, lda: usize, panel: usize, c: usize, ldc: usize, depth: i32, width: i32): void {
  if (wide && <usize>width > TILE_COLUMNS) {
    tileWide(rows, a, lda, panel, c, ldc, depth);
  } else {
    for (let column: usize = 0; column < <usize>width; column += TILE_COLUMNS) {
      tile(rows, a, lda, panel + (column << 2), c + (column << 2), ldc, depth);
    }
  }
}

function partTile(rows: i32, a: usize, lda: usize, panel: usize, c: usize, ldc: usize, depth: i32, width: i32, spill: usize): void {
  for (let row = 0; row < rows; row++) copyFew(spill + (<usize>row) * PANEL_ROW, c + (<usize>row) * ldc, width);
  if (<usize>width <= NARROW_COLUMNS) tileNarrow(rows, a, lda, panel, spill, PANEL_ROW, depth);
  else fullTile(rows, a, lda, panel, spill, PANEL_ROW, depth, width);
  for (let row = 0; row < rows; row++) copyFew(c + (<usize>row) * ldc, spill + (<usize>row) * PANEL_ROW, width);
}

/**
 * C += A B, with B in panels. Strides are in bytes.
 * @param a A, `[rows, depth]`, with stride `lda`
 * @param panels B, `[depth, columns]`
 * @param stride size of a whole panel, of which `depth` rows are used
 * @param c C, `[rows, columns]`, with stride `ldc`
 * @param spill buffer for one tile
 */
export function multiplyPanels(
  a: usize,
  lda: usize,
  rows: i32,
  panels: usize,
  stride: usize,
  depth: i32,
  columns: i32,
  c: usize,
  ldc: usize,
  spill: usize,
): void {
  const tiles = (rows + MAX_ROWS - 1) / MAX_ROWS;
  for (let column = 0; column < columns; column += PANEL, panels += stride, c += PANEL_ROW) {
    const width = min(PANEL, columns - column);
    for (let k = 0; k < depth; k += DEPTH_BLOCK) {
      const length = min(DEPTH_BLOCK, depth - k);
      const block = panels + (<usize>k) * PANEL_ROW;
      let row = 0;
      for (let left = tiles; left > 0; left--) {
        const height = (rows - row + left - 1) / left;
        const from = a + (<usize>row) * lda + ((<usize>k) << 2);
        const to = c + (<usize>row) * ldc;
        if (width === PANEL) fullTile(height, from, lda, block, to, ldc, length, PANEL);
        else partTile(height, from, lda, block, to, ldc, length, width, spill);
        row += height;
      }
    }
  }
}

/**
 * C += A B for one panel of B with `width` columns. C is `[rows, 16]`, whose columns after `width` may be overwritten.
 * @param lda stride of A in bytes
 */
export function multiplyPanel(a: usize, lda: usize, rows: i32, panel: usize, depth: i32, width: i32, c: usize): void {
  const tiles = (rows + MAX_ROWS - 1) / MAX_ROWS;
  for (let k = 0; k < depth; k += DEPTH_BLOCK) {
    const length = min(DEPTH_BLOCK, depth - k);
    const block = panel + (<usize>k) * PANEL_ROW;
    let row = 0;
    for (let left = tiles; left > 0; left--) {
      const height = (rows - row + left - 1) / left;
      const from = a + (<usize>row) * lda + ((<usize>k) << 2);
      const to = c + (<usize>row) * PANEL_ROW;
      if (<usize>width <= NARROW_COLUMNS) tileNarrow(height, from, lda, block, to, PANEL_ROW, length);
      else fullTile(height, from, lda, block, to, PANEL_ROW, length, width);
      row += height;
    }
  }
}

/** Scratch memory of one thread for `multiply`, in bytes. */
export function multiplyScratch(rows: i32, depth: i32, columns: i32, transposedA: bool): i32 {
  const length = min(depth, DEPTH_BLOCK);
  const panels = min(panelCount(columns), PANEL_BLOCK);
  const a = transposedA ? rows * <i32>transposedStride(length) : 0;
  return <i32>SPILL + panels * <i32>panelStride(length) + a;
}

/**
 * C += op(A) op(B) for rows [row, lastRow) and columns [column, lastColumn) of C, where C is [rows, columns].
 * Strides are in bytes. A transposed operand is stored as [depth, rows] or [columns, depth].
 */
export function multiply(
  a: usize,
  lda: usize,
  transposedA: bool,
  b: usize,
  ldb: usize,
  transposedB: bool,
  depth: i32,
  c: usize,
  ldc: usize,
  row: i32,
  lastRow: i32,
  column: i32,
  lastColumn: i32,
  scratch: usize,
): void {
  const rows = lastRow - row;
  if (rows <= 0 || lastColumn <= column) return;
  const panels = scratch + SPILL;
  const length = min(depth, DEPTH_BLOCK);
  const maxPanels = min(panelCount(lastColumn - column), PANEL_BLOCK);
  const transposed = panels + <usize>maxPanels * panelStride(length);
  for (let k = 0; k < depth; k += DEPTH_BLOCK) {
    const block = min(DEPTH_BLOCK, depth - k);
    let from = a + (<usize>row) * lda + ((<usize>k) << 2);
    let fromStride = lda;
    if (transposedA) {
      transpose(a + (<usize>k) * lda + ((<usize>row) << 2), lda, block, rows, transposed, transposedStride(length));
      from = transposed;
      fromStride = transposedStride(length);
    }
    for (let n = column; n < lastColumn; n += PANEL_BLOCK * PANEL) {
      const width = min(PANEL_BLOCK * PANEL, lastColumn - n);
      const source = transposedB ? b + (<usize>n) * ldb + ((<usize>k) << 2) : b + (<usize>k) * ldb + ((<usize>n) << 2);
      packPanels(source, ldb, transposedB, block, width, panels, 0, panelCount(width));
      const to = c + (<usize>row) * ldc + ((<usize>n) << 2);
      multiplyPanels(from, fromStride, rows, panels, panelStride(block), block, width, to, ldc, scratch);
    }
  }
}

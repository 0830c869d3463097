import { clearRow, copyRow } from './rows';
import { shareStart } from './share';

/**
 * Panels: a matrix [depth, columns] split into strips of 16 columns, each stored row by row, so that a tile reads
 * memory sequentially. The last strip is padded with zeros.
 */
export const PANEL: i32 = 16;
/** Size of one row of a panel in bytes. */
export const PANEL_ROW: usize = 64;

export function panelCount(columns: i32): i32 {
  return (columns + PANEL - 1) / PANEL;
}

/** Rows packed at once: few enough streams for the hardware prefetcher. */
const ROWS_AT_ONCE: i32 = 4;

/** Packs `depth` rows of `width` <= 16 values, `stride` bytes apart, into a panel. */
@inline
function packPanel(source: usize, stride: usize, depth: i32, width: i32, panel: usize): void {
  for (let row = 0; row < depth; row++, panel += PANEL_ROW, source += stride) {
    if (width < PANEL) {
      clearRow(panel, PANEL);
      copyRow(panel, source, width);
    } else if (ASC_FEATURE_SIMD) {
      // All loads first and the last store first: V8 only fuses neighboring vectors in this form.
      const a = v128.load(source);
      const b = v128.load(source, 16);
      const c = v128.load(source, 32);
      const d = v128.load(source, 48);
      v128.store(panel, d, 48);
      v128.store(panel, c, 32);
      v128.store(panel, b, 16);
      v128.store(panel, a);
    } else copyRow(panel, source, PANEL);
  }
}

/** target[column][row] = source[row][column]; strides in bytes. */
export function transpose(source: usize, stride: usize, rows: i32, columns: i32, target: usize, targetStride: usize): void {
  let row = 0;
  if (ASC_FEATURE_SIMD) {
    for (; row + 4 <= rows; row += 4) {
      let from = source + (<usize>row) * stride;
      let to = target + ((<usize>row) << 2);
      let column = 0;
      for (; column + 4 <= columns; column += 4, from += 16, to += 4 * targetStride) transposeSquare(from, stride, to, targetStride);
      for (; column < columns; column++, from += 4, to += targetStride) {
        for (let i: usize = 0; i < 4; i++) store<f32>(to + (i << 2), load<f32>(from + i * stride));
      }
    }
  }
  for (; row < rows; row++) {
    let from = source + (<usize>row) * stride;
    let to = target + ((<usize>row) << 2);
    for (let column = 0; column < columns; column++, from += 4, to += targetStride) store<f32>(to, load<f32>(from));
  }
}

@inline
function transposeSquare(from: usize, stride: usize, to: usize, targetStride: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + stride);
  const c = v128.load(from + 2 * stride);
  const d = v128.load(from + 3 * stride);
  const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(abLow, cdLow, 0, 1, 4, 5));
  v128.store(to + targetStride, v128.shuffle<f32>(abLow, cdLow, 2, 3, 6, 7));
  v128.store(to + 2 * targetStride, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5));
  v128.store(to + 3 * targetStride, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7));
}

/**
 * Stride of the panels in bytes: one row more than a panel has, so that panels do not compete for the same cache lines.
 */
@inline
export function panelStride(depth: i32): usize {
  return (<usize>depth + 1) * PANEL_ROW;
}

/** Size of a packed matrix in bytes. */
export function packedBytes(depth: i32, columns: i32): i32 {
  return panelCount(columns) * <i32>panelStride(depth);
}

/**
 * Packs a matrix B [depth, columns] into panels.
 * @param transposed true if `source` holds B transposed, [columns, depth]
 * @param first first panel of this thread; `last` is the one after its last panel
 */
export function packPanels(
  source: usize,
  stride: usize,
  transposed: bool,
  depth: i32,
  columns: i32,
  panels: usize,
  first: i32,
  last: i32,
): void {
  const bytes = panelStride(depth);
  if (transposed) {
    for (let p = first; p < last; p++) {
      const panel = panels + (<usize>p) * bytes;
      const width = min(PANEL, columns - p * PANEL);
      if (width < PANEL) clearRow(panel, depth * PANEL);
      transpose(source + (<usize>(p * PANEL)) * stride, stride, width, depth, panel, PANEL_ROW);
    }
    return;
  }
  packRows(source, stride, depth, columns, panels, bytes, first, last);
}

/** Packs rows of a matrix into panels [first, last), `bytes` apart, starting at address `panels`. */
export function packRows(
  source: usize,
  stride: usize,
  depth: i32,
  columns: i32,
  panels: usize,
  bytes: usize,
  first: i32,
  last: i32,
): void {
  for (let row = 0; row < depth; row += ROWS_AT_ONCE) {
    const rows = min(ROWS_AT_ONCE, depth - row);
    const from = source + (<usize>row) * stride;
    const to = panels + (<usize>row) * PANEL_ROW;
    for (let p = first; p < last; p++) {
      packPanel(from + (<usize>p) * PANEL_ROW, stride, rows, min(PANEL, columns - p * PANEL), to + (<usize>p) * bytes);
    }
  }
}

/** Packs this thread's share of a matrix's panels. */
export function packShare(
  source: usize,
  stride: usize,
  transposed: bool,
  depth: i32,
  columns: i32,
  panels: usize,
  thread: i32,
  threads: i32,
): void {
  const count = panelCount(columns);
  const first = shareStart(count, thread, threads);
  packPanels(source, stride, transposed, depth, columns, panels, first, shareStart(count, thread + 1, threads));
}

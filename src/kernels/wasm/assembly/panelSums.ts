import { multiplyPanel } from './gemm';
import { PANEL, PANEL_ROW, panelCount } from './pack';
import { copyFew } from './rows';
import { shareStart } from './share';

/**
 * Sums of matrix products `[rows, columns]` in panels of 16 columns. A panel is contiguous, so that the rows of a tile neither
 * compete for the same cache lines nor are in different pages, as rows of thousands of columns do.
 */

/** Size of the sums in bytes. */
export function panelSumBytes(rows: i32, columns: i32): i32 {
  return panelCount(columns) * rows * <i32>PANEL_ROW;
}

/**
 * sums += A B, with B in panels.
 * @param a A, `[rows, depth]`, with stride `lda` in bytes
 * @param panels B, `[depth, columns]`
 * @param stride size of a whole panel of B in bytes, of which `depth` rows are used
 */
export function addProduct(sums: usize, a: usize, lda: usize, rows: i32, panels: usize, stride: usize, depth: i32, columns: i32): void {
  const bytes = (<usize>rows) * PANEL_ROW;
  for (let column = 0; column < columns; column += PANEL, panels += stride, sums += bytes) {
    multiplyPanel(a, lda, rows, panels, depth, min(PANEL, columns - column), sums);
  }
}

/** Rows added up at once: few enough streams for the hardware prefetcher. */
const ROWS_AT_ONCE: i32 = 4;

/**
 * target = sum of the `threads` parts, `stride` bytes apart, always in the same order. Each thread adds up its share of the
 * panels.
 * @param target `[rows, columns]`, with stride `targetRow` in bytes
 */
export function sumPanelParts(
  target: usize,
  targetRow: usize,
  parts: usize,
  stride: usize,
  rows: i32,
  columns: i32,
  thread: i32,
  threads: i32,
): void {
  const count = panelCount(columns);
  const last = shareStart(count, thread + 1, threads);
  const bytes = (<usize>rows) * PANEL_ROW;
  for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
    const end = min(first + ROWS_AT_ONCE, rows);
    for (let panel = shareStart(count, thread, threads); panel < last; panel++) {
      const width = min(PANEL, columns - panel * PANEL);
      const from = parts + (<usize>panel) * bytes;
      const to = target + (<usize>panel) * PANEL_ROW;
      for (let row = first; row < end; row++) {
        sumRowParts(to + (<usize>row) * targetRow, from + (<usize>row) * PANEL_ROW, stride, width, threads);
      }
    }
  }
}

@inline
function sumRowParts(target: usize, parts: usize, stride: usize, width: i32, count: i32): void {
  if (ASC_FEATURE_SIMD) {
    if (width === PANEL) {
      let a = v128.load(parts);
      let b = v128.load(parts, 16);
      let c = v128.load(parts, 32);
      let d = v128.load(parts, 48);
      for (let part = 1; part < count; part++) {
        parts += stride;
        a = f32x4.add(a, v128.load(parts));
        b = f32x4.add(b, v128.load(parts, 16));
        c = f32x4.add(c, v128.load(parts, 32));
        d = f32x4.add(d, v128.load(parts, 48));
      }
      v128.store(target, d, 48);
      v128.store(target, c, 32);
      v128.store(target, b, 16);
      v128.store(target, a);
      return;
    }
  }
  copyFew(target, parts, width);
  for (let part = 1; part < count; part++) {
    parts += stride;
    for (let offset: usize = 0; offset < (<usize>width) << 2; offset += 4) {
      store<f32>(target + offset, load<f32>(target + offset) + load<f32>(parts + offset));
    }
  }
}

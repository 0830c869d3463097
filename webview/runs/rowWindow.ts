import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type Range,
} from '@tanstack/virtual-core';

/** Height of a row and of the heading in pixels. */
const ROW_HEIGHT = 24;

/** Rows above and below the visible ones that exist, too, so that scrolling by a few rows shows no gap. */
const OVERSCAN = 12;

/** The part of a long list whose rows exist: those in view, and the active one, which screen readers refer to. */
export class RowWindow {
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;

  /** @param changed called when other rows should exist */
  constructor(scroller: HTMLElement, changed: () => void) {
    this.#virtualizer = new Virtualizer({
      count: 0,
      getScrollElement: () => scroller,
      estimateSize: () => ROW_HEIGHT,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      overscan: OVERSCAN,
      // The heading, which covers the first row in view.
      paddingStart: ROW_HEIGHT,
      scrollPaddingStart: ROW_HEIGHT,
      onChange: changed,
    });
    this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
  }

  /** @param active index of the active row; -1 for none */
  setRows(count: number, active: number): void {
    const rangeExtractor = (range: Range) => withActive(range, active);
    this.#virtualizer.setOptions({ ...this.#virtualizer.options, count, rangeExtractor });
    this.#virtualizer._willUpdate();
  }

  /** Height of all rows in pixels. */
  get height(): number {
    return this.#virtualizer.getTotalSize() - ROW_HEIGHT;
  }

  /** Indices of the rows that should exist, ascending, and their distance from the heading in pixels. */
  get rows(): readonly { readonly index: number; readonly top: number }[] {
    return this.#virtualizer.getVirtualItems().map(({ index, start }) => ({ index, top: start - ROW_HEIGHT }));
  }

  /** Number of whole rows in view, less one to keep in view when the list is turned by a page. */
  get pageSize(): number {
    return Math.max(1, Math.floor((this.#virtualizer.scrollRect?.height ?? 0) / ROW_HEIGHT) - 2);
  }

  /** Scrolls a row into view, if it is outside. */
  reveal(index: number): void {
    this.#virtualizer.scrollToIndex(index, { align: 'auto' });
  }
}

function withActive({ startIndex, endIndex, overscan, count }: Range, active: number): number[] {
  const from = Math.max(0, startIndex - overscan);
  const to = Math.min(count - 1, endIndex + overscan);
  const rows = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  if (active < 0 || active >= count || (active >= from && active <= to)) return rows;
  return active < from ? [active, ...rows] : [...rows, active];
}

import * as l10n from '@vscode/l10n';
import { h, swatch } from '../dom.ts';
import type { Plot } from './plot.ts';
import {
  formatPosition,
  describeReading,
  formatValue,
  namedRows,
  nearestRow,
  type Reading,
  type ReadingRow,
  positionAt,
} from './reading.ts';
import type { Range } from './scale.ts';
import type { ChartSpec, LineSpec } from './spec.ts';
import { xTexts } from './xTexts.ts';

/** Steps of the arrow and page keys, as fractions of the chart's width. */
const SMALL_STEP = 0.01;
const LARGE_STEP = 0.1;
/** Distance in pixels at which a click is on a curve. */
const REACH = 16;

/**
 * Cursor line that reads the curves of a chart. It follows the pointer, or the arrow keys while the chart has the
 * focus. For assistive technology it is a slider over x with a sentence as its value.
 */
export class ReadingCursor {
  readonly #frame: HTMLElement;
  readonly #plot: Plot;
  readonly #spec: ChartSpec;
  readonly #read: (x: number) => Reading | null;
  readonly #moved: (x: number | null) => void;
  readonly #tooltip = h('div', { class: 'reading', 'aria-hidden': 'true', hidden: true });
  #x: number | null = null;
  /** Pixel row of the pointer; null while the cursor is elsewhere. */
  #row: number | null = null;
  #range: Range = { min: 0, max: 0 };

  readonly #marksNearest: boolean;

  /**
   * @param moved called when the user moves the cursor
   * @param marksNearest whether to mark the curve at the pointer among the others
   */
  constructor(
    frame: HTMLElement,
    plot: Plot,
    spec: ChartSpec,
    read: (x: number) => Reading | null,
    moved: (x: number | null) => void = () => undefined,
    marksNearest = false,
  ) {
    this.#marksNearest = marksNearest;
    this.#moved = moved;
    this.#frame = frame;
    this.#plot = plot;
    this.#spec = spec;
    this.#read = read;
    frame.append(this.#tooltip);
    frame.addEventListener('pointermove', (event) => this.#point(event));
    frame.addEventListener('pointerleave', () => this.#move(null));
    frame.addEventListener('blur', () => this.#move(null));
    frame.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Updates the reading after the curves have changed. @param range smallest and largest x of the chart */
  refresh(range: Range): void {
    this.#range = range;
    this.#frame.setAttribute('aria-valuemin', String(range.min));
    this.#frame.setAttribute('aria-valuemax', String(range.max));
    this.#show();
  }

  /** Moves the cursor to the x of another chart's cursor. */
  follow(x: number | null): void {
    this.#row = null;
    this.#moveTo(x);
  }

  /** The line whose curve is at a point of the chart; null for none. */
  lineAt(column: number, row: number): LineSpec | null {
    const reading = column >= this.#plot.area.left ? this.#read(this.#plot.xAt(column)) : null;
    return (reading && this.#nearest(reading, row, REACH)?.line) ?? null;
  }

  #nearest(reading: Reading, row: number, reach?: number): ReadingRow | null {
    return nearestRow(reading, (value) => this.#plot.rowOf(value), row, reach);
  }

  /** Follows the pointer over the curves, but not during a drag or over the axis. */
  #point(event: PointerEvent): void {
    const overCurves = event.offsetX >= this.#plot.area.left;
    this.#row = event.offsetY;
    this.#move(overCurves && event.buttons === 0 ? this.#plot.xAt(event.offsetX) : null);
  }

  #moveTo(x: number | null): void {
    if (x === null && this.#x === null) return;
    this.#x = x;
    this.#show();
  }

  #move(x: number | null): void {
    this.#moveTo(x);
    this.#moved(x);
  }

  #key(event: KeyboardEvent): void {
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const { min, max } = this.#range;
    const from = this.#x ?? max;
    const small = Math.max(1, Math.round((max - min) * SMALL_STEP));
    const large = Math.max(1, Math.round((max - min) * LARGE_STEP));
    const targets: Partial<Record<string, number | null>> = {
      ArrowLeft: from - small,
      ArrowRight: from + small,
      ArrowDown: from - small,
      ArrowUp: from + small,
      PageDown: from - large,
      PageUp: from + large,
      Home: min,
      End: max,
      Escape: null,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.#row = null;
    this.#move(target === null ? null : Math.min(Math.max(target, min), max));
  }

  #show(): void {
    const reading = this.#x === null ? null : this.#read(this.#x);
    this.#frame.setAttribute('aria-valuenow', String(reading?.x ?? this.#range.min));
    this.#frame.setAttribute(
      'aria-valuetext',
      reading ? describeReading(this.#spec, reading) : l10n.t('no {0} selected', xTexts[this.#spec.xName].name),
    );
    this.#plot.mark(reading);
    this.#tooltip.hidden = reading === null;
    if (reading) this.#fill(reading);
  }

  #fill(reading: Reading): void {
    const nearest = this.#marksNearest && this.#row !== null ? this.#nearest(reading, this.#row) : null;
    const named = namedRows(reading, nearest);
    const others = reading.rows.length - named.length;
    const rows = named.map((row) => {
      const position = row.x === reading.x ? '' : ` (${positionAt(this.#spec, row.x)})`;
      return h(
        'div',
        row === nearest ? { class: 'nearest' } : {},
        swatch(row.line.color, row.line.dash),
        `${row.line.label}${position}: ${formatValue(this.#spec, row)}`,
      );
    });
    this.#tooltip.replaceChildren(
      h('strong', {}, formatPosition(this.#spec, reading.x)),
      ...rows,
      ...(others > 0 ? [h('div', {}, l10n.t('and {0} more', others))] : []),
    );
    this.#place(this.#plot.columnOf(reading.x));
  }

  /** Places the tooltip next to the line, on the side with more space. */
  #place(column: number): void {
    const width = this.#frame.clientWidth;
    const onLeft = column > width / 2;
    this.#tooltip.style.left = onLeft ? '' : `${column + 12}px`;
    this.#tooltip.style.right = onLeft ? `${width - column + 12}px` : '';
    this.#tooltip.style.maxWidth = `${Math.max(column, width - column) - 16}px`;
  }
}

import { h, swatch } from '../dom.ts';
import { formatCount } from './number.ts';
import type { Plot } from './plot.ts';
import { placeText, readingSentence, valueText, type Reading } from './reading.ts';
import type { ChartSpec } from './spec.ts';

/** Steps of the arrow keys, in shares of the chart's width. */
const SMALL = 0.01;
const LARGE = 0.1;

/**
 * The reading line of a chart: it follows the pointer, or the arrow keys where the chart has the focus. To
 * assistive technology it is a slider over x whose value is spoken as a sentence.
 */
export class ReadingCursor {
  readonly #frame: HTMLElement;
  readonly #plot: Plot;
  readonly #spec: ChartSpec;
  readonly #read: (x: number) => Reading | null;
  readonly #box = h('div', { class: 'reading', 'aria-hidden': 'true', hidden: true });
  #x: number | null = null;

  constructor(frame: HTMLElement, plot: Plot, spec: ChartSpec, read: (x: number) => Reading | null) {
    this.#frame = frame;
    this.#plot = plot;
    this.#spec = spec;
    this.#read = read;
    frame.append(this.#box);
    frame.addEventListener('pointermove', (event) => this.#point(event));
    frame.addEventListener('pointerleave', () => this.#move(null));
    frame.addEventListener('blur', () => this.#move(null));
    frame.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Reads again, after the curves have changed. */
  refresh(last: number): void {
    this.#frame.setAttribute('aria-valuemin', '0');
    this.#frame.setAttribute('aria-valuemax', String(last));
    this.#show();
  }

  /** Follows the pointer over the curves; not while it drags, nor over the axis. */
  #point(event: PointerEvent): void {
    const overCurves = event.offsetX >= this.#plot.area.left;
    this.#move(overCurves && event.buttons === 0 ? this.#plot.xAt(event.offsetX) : null);
  }

  #move(x: number | null): void {
    if (x === null && this.#x === null) return;
    this.#x = x;
    this.#show();
  }

  #key(event: KeyboardEvent): void {
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = Number(this.#frame.getAttribute('aria-valuemax'));
    const from = this.#x ?? last;
    const hop = Math.max(1, Math.round(last * SMALL));
    const leap = Math.max(1, Math.round(last * LARGE));
    const targets: Partial<Record<string, number | null>> = {
      ArrowLeft: from - hop,
      ArrowRight: from + hop,
      ArrowDown: from - hop,
      ArrowUp: from + hop,
      PageDown: from - leap,
      PageUp: from + leap,
      Home: 0,
      End: last,
      Escape: null,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.#move(target === null ? null : Math.min(Math.max(target, 0), last));
  }

  #show(): void {
    const reading = this.#x === null ? null : this.#read(this.#x);
    this.#frame.setAttribute('aria-valuenow', String(reading?.x ?? 0));
    this.#frame.setAttribute(
      'aria-valuetext',
      reading ? readingSentence(this.#spec, reading) : `no ${this.#spec.xName} chosen`,
    );
    this.#plot.mark(reading);
    this.#box.hidden = reading === null;
    if (reading) this.#fill(reading);
  }

  #fill(reading: Reading): void {
    const rows = reading.rows.map((row) => {
      const beside = row.x === reading.x ? '' : ` (${this.#spec.xName} ${formatCount(row.x)})`;
      return h(
        'div',
        {},
        swatch(row.line.color, row.line.dash),
        `${row.line.label}${beside}: ${valueText(this.#spec, row)}`,
      );
    });
    this.#box.replaceChildren(h('strong', {}, placeText(this.#spec, reading.x)), ...rows);
    this.#place(this.#plot.columnOf(reading.x));
  }

  /** Beside the line, on the side that has more room. */
  #place(column: number): void {
    const width = this.#frame.clientWidth;
    const onLeft = column > width / 2;
    this.#box.style.left = onLeft ? '' : `${column + 12}px`;
    this.#box.style.right = onLeft ? `${width - column + 12}px` : '';
    this.#box.style.maxWidth = `${Math.max(column, width - column) - 16}px`;
  }
}

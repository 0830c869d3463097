import type { Plot } from './plot.ts';
import { valueAt, type Range, type ScaleKind } from './scale.ts';
import { pan, zoom } from './yRange.ts';

/** State of a chart's y axis. */
export interface YAxis {
  readonly range: Range;
  readonly kind: ScaleKind;
}

const WHEEL_FACTOR = 1.0015;
const KEY_FACTOR = 1.25;
const KEY_FRACTION = 0.1;
/** A drag shorter than this is a click, in pixels. */
export const MIN_DRAG = 6;

/**
 * Zooms and pans the y axis only. The wheel zooms over the axis, or anywhere with Ctrl, so that a plain wheel scrolls
 * the page. Dragging the axis pans it, dragging over the curves selects the range to show, and a double click fits it.
 * Keys: + and - zoom, Shift with up and down pans, 0 fits.
 */
export class YGestures {
  readonly #plot: Plot;
  readonly #axis: () => YAxis | null;
  readonly #onChange: (range: Range | 'fit') => void;
  #drag: { readonly onAxis: boolean; readonly from: number; last: number } | null = null;

  constructor(frame: HTMLElement, plot: Plot, axis: () => YAxis | null, onChange: (range: Range | 'fit') => void) {
    this.#plot = plot;
    this.#axis = axis;
    this.#onChange = onChange;
    frame.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    frame.addEventListener('pointerdown', (event) => this.#press(frame, event));
    frame.addEventListener('pointermove', (event) => this.#move(frame, event));
    frame.addEventListener('pointerup', (event) => this.#release(event));
    frame.addEventListener('pointercancel', () => this.#end());
    frame.addEventListener('dblclick', () => this.#onChange('fit'));
    frame.addEventListener('keydown', (event) => this.#key(event));
  }

  #wheel(event: WheelEvent): void {
    const axis = this.#axis();
    if (!axis || !(event.ctrlKey || this.#overAxis(event.offsetX))) return;
    event.preventDefault();
    const fraction = this.#plot.fractionAt(event.offsetY);
    this.#onChange(zoom(axis.range, WHEEL_FACTOR ** event.deltaY, fraction, axis.kind));
  }

  #press(frame: HTMLElement, event: PointerEvent): void {
    if (event.button !== 0 || !this.#axis()) return;
    frame.setPointerCapture(event.pointerId);
    this.#drag = { onAxis: this.#overAxis(event.offsetX), from: event.offsetY, last: event.offsetY };
  }

  #move(frame: HTMLElement, event: PointerEvent): void {
    frame.classList.toggle('over-axis', this.#drag?.onAxis ?? this.#overAxis(event.offsetX));
    const axis = this.#axis();
    if (!this.#drag || !axis) return;
    if (this.#drag.onAxis) {
      const fraction = this.#plot.fractionAt(this.#drag.last) - this.#plot.fractionAt(event.offsetY);
      if (fraction !== 0) this.#onChange(pan(axis.range, fraction, axis.kind));
    } else {
      this.#plot.pick({ from: this.#drag.from, to: event.offsetY });
    }
    this.#drag.last = event.offsetY;
  }

  #release(event: PointerEvent): void {
    const drag = this.#drag;
    const axis = this.#axis();
    this.#end();
    if (!drag || drag.onAxis || !axis || Math.abs(event.offsetY - drag.from) < MIN_DRAG) return;
    const [low, high] = [drag.from, event.offsetY].map((y) => this.#plot.fractionAt(y)).sort((a, b) => a - b);
    const fraction = (value: number | undefined) => Math.min(Math.max(value ?? 0, 0), 1);
    const min = valueAt(fraction(low), axis.range, axis.kind);
    const max = valueAt(fraction(high), axis.range, axis.kind);
    if (min < max) this.#onChange({ min, max });
  }

  #end(): void {
    if (this.#drag && !this.#drag.onAxis) this.#plot.pick(null);
    this.#drag = null;
  }

  #key(event: KeyboardEvent): void {
    const axis = this.#axis();
    if (!axis || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = this.#keyed(axis, event);
    if (!next) return;
    event.preventDefault();
    this.#onChange(next);
  }

  #keyed({ range, kind }: YAxis, event: KeyboardEvent): Range | 'fit' | null {
    if (event.key === '+' || event.key === '=') return zoom(range, 1 / KEY_FACTOR, 0.5, kind);
    if (event.key === '-') return zoom(range, KEY_FACTOR, 0.5, kind);
    if (event.key === '0') return 'fit';
    if (event.shiftKey && event.key === 'ArrowUp') return pan(range, KEY_FRACTION, kind);
    if (event.shiftKey && event.key === 'ArrowDown') return pan(range, -KEY_FRACTION, kind);
    return null;
  }

  #overAxis(x: number): boolean {
    return x < this.#plot.area.left;
  }
}
